# O que o bot diz quando algo deu errado do lado dele, e o que diz ao dono.

undelivered = A sua resposta está pronta, mas o Telegram não a aceitou.
store-stuck = Agora não consigo guardar nada, por isso o seu pedido está esperando. Ele continua sozinho assim que eu puder.
store-away = Agora não consigo guardar nada, por isso o que você enviou está esperando. Eu respondo sozinho assim que puder.
owner-knows = Meu dono já sabe.
owner-unset = Avise, por favor, quem administra este bot.
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

owner-storage-locked = ⚠ Outro programa está com o banco de dados. Feche esse programa e eu continuo sozinho. ({ $detail })
owner-storage-deadlock = ⚠ Duas transações esperavam uma pela outra e uma foi desfeita. Eu tento de novo sozinho. ({ $detail })
owner-storage-crowded = ⚠ Todas as conexões com o banco de dados estão em uso. Se continuar assim, aumente DATABASE_POOL_SIZE. ({ $detail })
owner-storage-damaged = ⚠ O banco de dados está danificado. Pare-me, veja com o meu comando “pentimento check” e restaure uma cópia de segurança. ({ $detail })
owner-storage-unreachable = ⚠ O que eu guardo não pode ser lido ou gravado. Veja o disco, as permissões e a conexão. ({ $detail })
owner-storage-refused = ⚠ O armazenamento de objetos me recusa. Veja MEDIA_URL, o bucket, as chaves e as permissões. ({ $detail })
owner-storage-swept = ⚠ Uma imagem foi apagada enquanto alguém a enviava de novo. Eu a guardo outra vez sozinho. ({ $detail })
owner-storage-full = ⚠ O disco está cheio e não consigo guardar nada. Libere espaço, por favor; depois continuo sozinho. ({ $detail })
owner-aside = ⚠ Deixei de lado a mensagem { $update }; motivo: { $why }. O texto dela fica na minha caixa de entrada para você ver.
owner-undelivered = ⚠ A resposta da rodada { $turn } não pôde ser enviada ({ $why }). Está guardada.
owner-turn = ⚠ A rodada { $turn } falhou. O motivo: { $reason }. ({ $why })
owner-turn-other = ⚠ A rodada { $turn } falhou. ({ $why })
owner-advice-account = Depois de um pagamento lá, o próximo pedido funciona sem reiniciar. Uma chave nova vai nas configurações do bot, e depois é preciso me reiniciar. “pentimento check --accounts” diz se ela funciona.
owner-more =
    { $count ->
        [one] Desde a minha última mensagem sobre isto, o mesmo aconteceu mais uma vez.
       *[other] Desde a minha última mensagem sobre isto, o mesmo aconteceu mais { $count } vezes.
    }
owner-outage-provider = ⚠ { $provider } não pode responder no momento: { $why }. Enquanto isso, outros respondem onde podem. Ele é tentado de novo de tempos em tempos.
owner-outage-model = ⚠ { $provider } não pode responder com { $model } no momento: { $why }. Enquanto isso, outros respondem onde podem. Ele é tentado de novo de tempos em tempos.
owner-outage-key = ⚠ A chave { $number } de { $count } para { $provider } não pode ser usada no momento: { $why }. Enquanto isso, outros respondem. Ela é tentada de novo de tempos em tempos.
owner-listening = ⚠ { $model } (LISTEN_MODEL) não ouve mensagens de voz: { $why }
owner-model-replaced = ⚠ { $provider } não oferece mais { $old } a esta chave. Daqui em diante { $new } pinta no lugar dele. Para escolher outro, mude o modelo nas configurações do bot. Se for engano, /model { $old } tenta de novo, para todos.
owner-model-ends = ⚠ { $provider } encerra o modelo { $model } em { $day } ({ $days ->
        [0] agora
        [one] em um dia
       *[other] em { $days } dias
    }). Não conheço sucessor: escolha outro modelo nas configurações do bot.
owner-model-ends-followed = ⚠ { $provider } encerra o modelo { $model } em { $day } ({ $days ->
        [0] agora
        [one] em um dia
       *[other] em { $days } dias
    }). Então { $after } assume o lugar dele automaticamente, a menos que você escolha outro antes.
owner-disk = ⚠ No disco onde guardo tudo, só há { $megabytes } MB livres. Quando ele encher, não poderei guardar mais nada. Libere espaço, por favor; com KEEP_DAYS ou KEEP_GB eu mesmo apago o que é antigo.
owner-clock = ⚠ O relógio da minha máquina marca { $here } (UTC), mas no Telegram são { $there }. Até ele estar certo, não apago nada antigo. Acerte o relógio, por favor.
owner-week = 📊 Os últimos 7 dias: { $pictures ->
        [one] uma imagem
       *[other] { $pictures } imagens
    } para { $people ->
        [one] uma pessoa
       *[other] { $people } pessoas
    }, cerca de US$ { $dollars }.
owner-week-quiet = 📊 Os últimos 7 dias: ninguém me pediu nada.
owner-week-unpriced =
    { $count ->
        [one] O preço de uma resposta não é conhecido.
       *[other] O preço de { $count } respostas não é conhecido.
    }
owner-week-failed =
    { $count ->
        [one] { $turns ->
            [1] O único pedido falhou: { $why }.
           *[other] Um de { $turns } pedidos falhou: { $why }.
        }
       *[other] { $count } de { $turns } pedidos falharam, quase sempre por este motivo: { $why } ({ $most }×).
    }
owner-why-refused = o provedor recusou o pedido
owner-why-no-picture = não veio nenhuma imagem
owner-why-account = a chave, o saldo ou a cota no provedor
owner-why-busy = o provedor estava sobrecarregado
owner-why-trouble = falhou o provedor ou a conexão com ele
owner-why-request = o modelo não aceitou a solicitação
owner-why-limit = um limite se esgotou
owner-why-interrupted = o bot foi interrompido
owner-why-other = outra coisa
owner-week-backup = Última cópia de segurança: { $days ->
        [0] hoje
        [one] ontem
       *[other] há { $days } dias
    }.
owner-week-backup-short = ⚠ Última cópia de segurança: { $days ->
        [0] hoje
        [one] ontem
       *[other] há { $days } dias
    }, mas faltam imagens. pentimento check diz quais.
owner-week-no-backup = ⚠ Não sei de nenhuma cópia de segurança. pentimento backup PASTA faz uma enquanto eu rodo.
owner-week-disk = Disco: { $percent } % cheio, { $gigabytes } GB livres.
