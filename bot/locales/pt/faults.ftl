# O que o bot diz quando algo deu errado do lado dele, e o que o dono fica sabendo disso.

undelivered = A sua resposta está pronta, mas o Telegram não a aceitou. O dono já sabe; talvez /file ainda a traga.
outcome-unknown = Não sei se isto chegou a você. Se não vê acima, peça mais uma vez.
came-late =
    { $count ->
        [one] Esta imagem chegou quando eu já tinha começado com as outras. Faço de novo com ela? Senão, a sua próxima mensagem pode usá-la.
       *[other] Estas { $count } imagens chegaram quando eu já tinha começado com as outras. Faço de novo com elas? Senão, a sua próxima mensagem pode usá-las.
    }
button-join =
    { $count ->
        [one] De novo, com ela
       *[other] De novo, com elas
    }

## Ao dono

owner-storage = ⚠ { $fault }
owner-aside = ⚠ Deixei de lado a mensagem { $update }; motivo: { $why }. O texto dela fica na minha caixa de entrada para você ver.
owner-undelivered = ⚠ A resposta da rodada { $turn } não pôde ser enviada ({ $why }). Está guardada.
owner-turn = ⚠ Rodada { $turn }, { $why }
