# O que o bot diz dos limites: quanto pessoas, grupos e todos juntos podem usar por dia e por mês.

## A última imagem

limit-last-person-day = Esta foi a última de hoje; { $renews }.
limit-last-person-month = Esta foi a última deste mês; { $renews }.
limit-last-group-day = Esta foi a última de hoje para este grupo; { $renews }.
limit-last-group-month = Esta foi a última deste mês para este grupo; { $renews }.
limit-last-total-day = Esta foi a última que posso fazer hoje; { $renews }.
limit-last-total-month = Esta foi a última que posso fazer este mês; { $renews }.
limit-more-day =
    { $count ->
        [one] mais uma a partir da meia-noite { $zone }, { $wait }
       *[other] mais { $count } a partir da meia-noite { $zone }, { $wait }
    }
limit-more-month =
    { $count ->
        [one] mais uma a partir do dia 1º, { $wait }
       *[other] mais { $count } a partir do dia 1º, { $wait }
    }
limit-anew-day = continuamos a partir da meia-noite { $zone }, { $wait }
limit-anew-month = continuamos a partir do dia 1º, { $wait }
limit-zone-city = em { $city }
limit-wait-days =
    { $count ->
        [one] daqui a um dia
       *[other] daqui a { $count } dias
    }
limit-wait-hours = daqui a cerca de { $count } h
limit-wait-minutes = daqui a { $count } min

## Um pedido para o qual não há lugar

limit-over-person-day = Suas imagens de hoje acabaram; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-over-person-month = Suas imagens deste mês acabaram; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-over-group-day = As imagens de hoje deste grupo acabaram; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-over-group-month = As imagens deste mês deste grupo acabaram; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-over-total-day = Já fiz todas as imagens que posso fazer hoje; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-over-total-month = Já fiz todas as imagens que posso fazer este mês; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-over-owner = O limite de todos acabou: { $limits }; { $renews }. Para continuar antes disso, aumente LIMIT_TOTAL nas minhas configurações e reinicie-me. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-few-day =
    { $count ->
        [one] Para hoje só resta uma imagem; { $renews }. Faço essa?
       *[other] Para hoje só restam { $count } imagens; { $renews }. Faço essas?
    }
limit-few-month =
    { $count ->
        [one] Para este mês só resta uma imagem; { $renews }. Faço essa?
       *[other] Para este mês só restam { $count } imagens; { $renews }. Faço essas?
    }
limit-few-bought =
    Suas imagens gratuitas acabaram; { $renews }. { $count ->
        [one] Resta uma que você comprou. Uso essa?
       *[other] Restam { $count } que você comprou. Uso essas?
    }
limit-few-bought-only =
    { $count ->
        [one] Resta uma imagem que você comprou. Uso essa?
       *[other] Restam { $count } imagens que você comprou. Uso essas?
    }
limit-few-mixed =
    Posso fazer { $count }: { $free ->
        [one] uma imagem gratuita
       *[other] { $free } imagens gratuitas
    } e { $bought ->
        [one] uma que você comprou
       *[other] { $bought } que você comprou
    }. Faço essas?
limit-none = No momento não tenho imagens para dar aqui. Eu guardo seu pedido: aperte “Tentar de novo” quando o meu dono tiver mudado isso.
limit-none-sold = Aqui não há imagens gratuitas, mas eu as vendo. Eu guardo seu pedido: compre imagens e depois aperte “Tentar de novo”.
limit-in-vain = Hoje usei muitas vezes uma imagem que você comprou e a devolvi, porque nenhuma saiu. Meu dono talvez tenha de pagar essas tentativas, por isso hoje não uso mais; { $renews }. Eu guardo seu pedido: depois aperte “Tentar de novo”.
limit-unheard = As imagens que posso fazer aqui acabaram por enquanto; { $renews }. Não ouvi isso: mande de novo depois, por favor.
limit-unheard-none = No momento não tenho imagens para dar aqui, por isso não ouvi.
button-make =
    { $count ->
        [one] Fazer uma
       *[other] Fazer { $count }
    }

## O que resta

left-person-day = Restam para você hoje: { $left }
left-person-month = Restam para você este mês: { $left }
left-group-day = Restam para este grupo hoje: { $left }
left-group-month = Restam para este grupo este mês: { $left }
left-total-day = Restam para todos hoje: { $left }
left-total-month = Restam para todos este mês: { $left }
left-pictures =
    { $count ->
        [one] uma imagem de { $most }
       *[other] { $count } imagens de { $most }
    }
left-dollars = US$ { $dollars } de um total de US$ { $most }
left-renews = { $left }; { $renews }
left-anew-day = de novo a partir da meia-noite { $zone }, { $wait }
left-anew-month = de novo a partir do dia 1º, { $wait }

## O que alguém pode usar

granted-person = Aqui você tem { $limits }; /usage mostra o que resta.
granted-group = Este grupo tem { $limits }; /usage mostra o que resta.
granted-none-sold = Aqui não há imagens gratuitas, mas eu as vendo: /buy.
granted-pictures-day =
    { $count ->
        [one] uma imagem por dia
       *[other] { $count } imagens por dia
    }
granted-pictures-month =
    { $count ->
        [one] uma imagem por mês
       *[other] { $count } imagens por mês
    }
granted-dollars-day = US$ { $dollars } por dia
granted-dollars-month = US$ { $dollars } por mês

## O comando

limit-in-groups = /limit é para grupos: lá os administradores escolhem quantas imagens o grupo pode ter.
limit-here = Os administradores deste grupo escolheram este limite: { $limits }.
limit-here-none = Os administradores deste grupo não escolheram limite.
limit-here-owner = O meu dono permite a este grupo { $limits }; o limite dos administradores só pode ser mais baixo.
limit-here-how = Administradores mudam assim: /limit 10/day (por dia) ou 100/month (por mês). /limit none retira o limite.
limit-admins-only = Só administradores deste grupo escolhem o limite dele.
limit-unreadable = Não entendo esse limite. Escreva assim: 20/day (por dia) ou $10/month (por mês), os dois com vírgula no meio, ou none (nenhum).
limit-owner-how = Escreva o número de uma pessoa ou de um grupo e um limite: /limit 12345 50/day ou $10/month, ou os dois com vírgula no meio. Para uma pessoa, você também pode responder com /limit 50/day a uma mensagem dela que encaminhou para mim. Com none não há limite, com default volta a valer o das configurações.
limit-of-one = O limite de { $who } é { $limits }.
limit-of-one-none = { $who } não tem limite.
limit-of-one-default = { $who }: { $limits }, como nas configurações.
limit-of-one-default-none = { $who }: sem limite, como nas configurações.
limit-zero = 0 não é o número de ninguém. O que todos juntos podem usar é LIMIT_TOTAL nas configurações.

## Ao dono

owner-limit-80 = ⚠ 80 % do limite de todos já foi usado: { $limits }.
owner-limit-100 = ⚠ O limite de todos acabou: { $limits }. LIMIT_TOTAL define esse limite.
