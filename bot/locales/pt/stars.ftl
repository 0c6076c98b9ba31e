# O que o bot diz sobre comprar imagens com estrelas do Telegram.

## Comprar

buy = Imagens para quando as gratuitas acabarem. Nunca expiram, e você pode usá-las aqui e em grupos.
buy-in-private = Escreva /{ $name } para mim no privado: https://t.me/{ $username }?start={ $name }
button-buy = ⭐ Comprar imagens
pack =
    { $count ->
        [one] Uma imagem por ⭐ { $stars }
       *[other] { $count } imagens por ⭐ { $stars }
    }
invoice-title =
    { $count ->
        [one] Uma imagem
       *[other] { $count } imagens
    }
invoice-description =
    { $count ->
        [one] Uma imagem que faço para você quando as gratuitas acabarem. Nunca expira.
       *[other] { $count } imagens que faço para você quando as gratuitas acabarem. Nunca expiram.
    }
paid =
    { $count ->
        [one] Obrigado! Mais uma imagem é sua. /usage mostra quantas você tem.
       *[other] Obrigado! Mais { $count } imagens são suas. /usage mostra quantas você tem.
    }
paid-kept =
    { $thanks }
    Ainda guardo seu pedido “{ $wish }”.
paid-kept-unnamed =
    { $thanks }
    Ainda guardo seu pedido.
usage-credit =
    { $count ->
        [one] Resta do que você comprou: uma imagem
       *[other] Resta do que você comprou: { $count } imagens
    }
forget-bought =
    { $count ->
        [one] A imagem que você comprou continua sua.
       *[other] As { $count } imagens que você comprou continuam suas.
    }
limit-credit =
    { $count ->
        [0] Paga com as suas imagens; era a última.
        [one] Paga com as suas imagens; resta uma.
       *[other] Paga com as suas imagens; restam { $count }.
    }
limit-credit-partly =
    { $paid ->
        [one] As gratuitas acabaram, então uma destas foi paga com as suas imagens
       *[other] As gratuitas acabaram, então { $paid } destas foram pagas com as suas imagens
    }{ $count ->
        [0] ; era a última.
        [one] ; resta uma.
       *[other] ; restam { $count }.
    }
limit-credit-more = Com /buy você consegue mais.
limit-credit-next =
    { $count ->
        [one] Para a próxima uso a imagem que você comprou.
       *[other] A partir de agora uso as { $count } imagens que você comprou.
    }
not-stopped = Esta é paga com uma imagem que você comprou, e já a estou pintando. Dessas só paro três por dia, por isso termino esta.
checkout-gone = Não vendo mais isto. Nada foi cobrado; /buy mostra o que vendo agora.
checkout-over = Não vendo mais imagens. Nada foi cobrado.
checkout-later = Não consigo aceitar pagamentos neste momento. Nada foi cobrado; tente de novo em um minuto.
checkout-blocked = Meu dono bloqueou você, por isso não vendo nada a você. Nada foi cobrado.
checkout-unserved = Não trabalho para você, por isso não vendo nada a você. Nada foi cobrado.

## Termos e perguntas

terms =
    Você compra imagens que eu faço e paga com estrelas do Telegram. Quatro versões são quatro imagens. Cada resposta com imagem gasta uma quando as gratuitas acabam. Se nenhuma imagem chegar, a sua é devolvida; se essas tentativas custarem em um dia tanto quanto dez imagens, volto a usar as compradas no dia seguinte. Imagens compradas nunca expiram.
    Meu dono pode devolver um pagamento; o que não foi gasto dele é retirado então. Perguntas vão para /paysupport. O suporte do Telegram não ajuda com compras feitas a mim.
paysupport = Se tem perguntas sobre um pagamento, escreva-as depois do comando, como em /paysupport Paguei, mas nada chegou. Eu as passo ao meu dono.
paysupport-sent = Passei a sua pergunta ao meu dono.
paysupport-enough = Hoje já passei várias perguntas suas ao meu dono, e ele tem todas. Por favor, espere a resposta ou escreva de novo amanhã.
payment-line = { $day }: { $pictures } 🖼 por ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 por ⭐ { $stars }, devolvido, { $charge }
answer-how = Responda à minha mensagem com a pergunta, e eu passo a sua resposta.
answer-of-owner = O meu dono responde à sua pergunta sobre um pagamento:
answer-sent = Passei a resposta.
answer-edited = Passei o que você escreveu primeiro e não posso mais mudar isso. Responda à pergunta mais uma vez para acrescentar algo.
answer-failed = Não consegui passar a resposta: { $why }.
button-answer = Responder
give-back = Devolver ⭐ { $stars }, { $at }
button-give-back-surely = ⭐ Devolver
button-give-back-not = Deixar assim
refund-ask = Devolvo ⭐ { $stars } a { $name } ({ $id })? Foi por { $pictures } 🖼 em { $at }. Das imagens que restam retiro { $count } 🖼.
refund-not = Nada foi devolvido.

## Devoluções

refund-how = Escreva o número do pagamento depois: /refund e os caracteres que /paysupport mostra.
refund-unknown = Não existe esse pagamento.
refund-already = ⭐ { $stars } já foram devolvidas a { $name } ({ $id }). Retiradas então: { $pictures } 🖼; do que comprou ainda resta: { $count } 🖼.
refunded = ⭐ { $stars } são devolvidas a { $name } ({ $id }). Retiradas: { $pictures } 🖼; do que comprou ainda resta: { $count } 🖼.
refund-refused = O Telegram não devolve estas estrelas: { $why }.
refund-noted = ⭐ { $stars } foram devolvidas a você. Retirei { $pictures } 🖼 do que você comprou; ainda resta: { $count } 🖼.

## Para o dono

owner-payment-strange = ⚠ { $id } pagou por algo que não vendo. Veja o pagamento { $charge }; /refund não o conhece.
owner-refund-unknown = ⚠ O pagamento { $charge } foi devolvido, mas não sei nada dele. Se as imagens dele entrarem depois, /refund { $charge } as retira.
owner-refunded = ⭐ { $stars } foram devolvidas a { $id } sem mim. Retiradas: { $pictures } 🖼; do que comprou ainda resta: { $count } 🖼.
owner-paysupport =
    { $name } ({ $id }) pergunta sobre um pagamento: “{ $question }”
    { $payments }
