# What the bot says to guests about whom an owner decides, and to owners about guests.

## Guests, about whom an owner decides

guest-asked = O meu dono decide para quem eu pinto, e já perguntei. Se quiser, mande já o primeiro pedido: eu o guardo até lá.
guest-kept = O meu dono decide para quem eu pinto, e já perguntei. Guardo o seu pedido e começo assim que você for aceito.
guest-kept-group = O meu dono decide em quais grupos eu trabalho, e já perguntei. Guardo o seu pedido e começo assim que este grupo for aceito.
guest-waits = O meu dono ainda não decidiu. Guardo só o seu primeiro pedido; mande o resto quando for aceito, por favor.
guest-waits-group = O meu dono ainda não decidiu. Guardo só o primeiro pedido deste grupo; mandem o resto quando o grupo for aceito, por favor.
guest-asked-group = Olá! O meu dono decide em quais grupos eu trabalho, e já perguntei. Guardo o primeiro pedido de vocês até lá.
guest-admitted = O meu dono aceitou você. O que devo pintar?
guest-admitted-wish = O meu dono aceitou você, e começo pelo seu pedido.
guest-admitted-group = O meu dono aceitou este grupo. Respondam a mim com um pedido.
guest-refused = O meu dono decidiu que não, por isso não pinto para você. O seu pedido foi apagado.
guest-blocked = O meu dono bloqueou você, por isso não respondo mais.
guest-blocked-paid = O meu dono bloqueou você, por isso não pinto mais para você. Para perguntas sobre um pagamento continua existindo /paysupport, e /forget apaga o que eu guardo de você.

## For owners

owner-guest = { $name } ({ $id }) quer me usar.
owner-guest-wish = { $name } ({ $id }) quer me usar e começa com: “{ $wish }”
owner-guest-group = O grupo “{ $name }” ({ $id }) quer me usar. { $person } pede isso.
decision-admitted = ✓ { $name } ({ $id }): aceito por { $by }.
decision-refused = ✗ { $name } ({ $id }): recusado por { $by }.
decision-blocked = 🚫 { $name } ({ $id }): bloqueado por { $by }.
stranger-admitted = Não conheço nenhum nome para { $id }. ✓ Aceito mesmo assim por { $by }.
stranger-blocked = Não conheço nenhum nome para { $id }. 🚫 Bloqueado mesmo assim por { $by }.
guest-named = { $name } ({ $id })
guest-is-owner = É um dos meus donos. Donos são sempre atendidos e não podem ser bloqueados.
guest-not-blocked = { $name } ({ $id }) não está bloqueado.
blocked-with-credit =
    { $count ->
        [one] { $name } ainda tem uma imagem comprada.
       *[other] { $name } ainda tem { $count } imagens compradas.
    } Para devolver um pagamento:
    { $ways }
guest-hidden = O Telegram esconde o número de quem escreveu isso. Escolha a pessoa em /people ou mande o número.
guest-how = Mande /{ $name } e um número, ou responda assim a uma mensagem dessa pessoa que você encaminhou para mim. Em /people há um botão para cada um.
people = Quem me usa, os mais recentes primeiro:
people-none = Não há ninguém aqui.
people-line =
    { $number }. { $name } ({ $id }){ $mark }
    hoje { $today }, este mês { $month }
people-spent = { $pictures } 🖼 US$ { $dollars }
people-asked = ⏳ espera por você
people-admitted = ✓ aceito
people-refused = ✗ recusado
people-blocked = 🚫 bloqueado
people-limit = limite { $limits }
people-bought = ⭐ { $stars } pagas, restam { $count } 🖼
people-sold = No total: ⭐ { $stars } pagas e não devolvidas; { $count } 🖼 ainda sem uso.
