# O que o bot diz sobre comprar imagens com estrelas do Telegram.

## Comprar

buy = Imagens para quando as gratuitas acabarem. Nunca expiram, e você pode usá-las aqui e em grupos.
buy-in-private = Escreva /{ $name } para mim no privado: @{ $username }.
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
usage-credit =
    { $count ->
        [one] Resta do que você comprou: uma imagem
       *[other] Resta do que você comprou: { $count } imagens
    }
limit-credit =
    { $count ->
        [0] Paga com as suas imagens; era a última. Com /buy você consegue mais.
        [one] Paga com as suas imagens; resta uma.
       *[other] Paga com as suas imagens; restam { $count }.
    }
checkout-gone = Não vendo mais isto. Nada foi cobrado; /buy mostra o que vendo agora.
checkout-later = Não consigo aceitar pagamentos neste momento. Nada foi cobrado; tente de novo em um minuto.
checkout-blocked = Meu responsável bloqueou você, por isso não vendo nada a você. Nada foi cobrado.
checkout-unserved = Não trabalho para você, por isso não vendo nada a você. Nada foi cobrado.

## Termos e perguntas

terms =
    Você compra imagens que eu faço e paga com estrelas do Telegram. Cada resposta com imagem gasta uma quando as gratuitas acabam. Se nenhuma imagem chegar, a sua é devolvida. Imagens compradas nunca expiram.
    Meu responsável pode devolver um pagamento; o que não foi gasto dele é retirado então. Perguntas vão para /paysupport. O suporte do Telegram não ajuda com compras feitas a mim.
paysupport = Se tem perguntas sobre um pagamento, escreva-as depois do comando, como em /paysupport Paguei, mas nada chegou. Eu as passo ao meu responsável.
paysupport-sent = Passei a sua pergunta ao meu responsável.
paysupport-enough = Hoje já passei várias perguntas suas ao meu responsável, e ele tem todas. Por favor, espere a resposta ou escreva de novo amanhã.
payment-line = { $day }: { $pictures } 🖼 por ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 por ⭐ { $stars }, devolvido, { $charge }

## Devoluções

refund-how = Escreva o número do pagamento depois: /refund e os caracteres que /paysupport mostra.
refund-unknown = Não existe esse pagamento.
refund-already = ⭐ { $stars } já foram devolvidas a { $id }. Retiradas então: { $pictures } 🖼; gastas antes: { $spent }.
refunded = ⭐ { $stars } são devolvidas a { $id }. Retiradas: { $pictures } 🖼; gastas antes: { $spent }.
refund-refused = O Telegram não devolve estas estrelas: { $why }.
refund-noted = ⭐ { $stars } foram devolvidas a você. Retirei o que restava desse pagamento: { $pictures } 🖼.

## Para o responsável

owner-payment-strange = ⚠ { $id } pagou por algo que não vendo. Veja o pagamento { $charge }; /refund não o conhece.
owner-refund-unknown = ⚠ O pagamento { $charge } foi devolvido, mas não sei nada dele. Se as imagens dele entrarem depois, /refund { $charge } as retira.
owner-refunded = ⭐ { $stars } foram devolvidas a { $id } sem mim. Retiradas: { $pictures } 🖼; gastas antes: { $spent }.
owner-paysupport =
    { $name } ({ $id }) pergunta sobre um pagamento: “{ $question }”
    { $payments }
