# Tudo o que o próprio bot diz. Os erros dos provedores estão em errors.ftl.

## Início e ajuda

start =
    Oi! Diga o que pintar, ou envie uma foto e diga o que mudar.

    Tente “um farol ao anoitecer”, ou uma foto com “deixe em preto e branco”. E continue: “mais quente”, “acrescente um barco”. Responda a qualquer imagem anterior para continuar a partir dela. Para mudar só um lugar, desenhe em volta dele com a caneta do editor de fotos do Telegram.

    /help mostra como funciona.
help =
    Como funciona
    • Descreva uma imagem para criá-la, ou uma mudança na atual.
    • Uma foto com legenda é editada. Uma foto sem palavras espera a sua próxima mensagem.
    • Para mudar só um lugar, desenhe em volta dele com a caneta do editor de fotos do Telegram e envie a cópia com o seu pedido. Se a foto é nova para mim, envie-a antes uma vez sem os traços.
    • Responda a qualquer imagem, minha ou sua, para continuar a partir dela.
    • Edite a sua mensagem, e eu faço de novo.
    • { $groups }

    O que mais se usa
    { $commands }

    /x4 um gato faz quatro versões de um pedido novo. /help tudo mostra todos os comandos.
help-groups = Em grupos, responda a mim ou envie /edit@{ $username } e um pedido.
help-groups-mentions = Neste grupo, me mencione, responda a mim ou envie /edit@{ $username } e um pedido.
help-here = Neste grupo, responda a mim ou envie /edit@{ $username } e um pedido.
help-in-group =
    Como funciona aqui
    • { $groups }
    • Descreva uma imagem para criá-la, ou uma mudança na atual.
    • Uma foto ou um álbum com uma legenda assim é editado. Como resposta a mim e sem palavras, espera um pedido.
    • Para mudar só um lugar, desenhe em volta dele com a caneta do editor de fotos do Telegram e envie a cópia como resposta.
    • Responda a qualquer imagem minha para continuar a partir dela.
    • { $pictures }
    • Edite a sua mensagem, e eu faço de novo.

    O que mais se usa
    { $commands }

    /help tudo mostra todos os comandos.
help-pictures = Responda à imagem de qualquer pessoa com /edit@{ $username } e um pedido, e eu a edito.
greeting =
    Olá! Aqui eu pinto e edito imagens junto com todo o grupo.

    Respondam a esta mensagem com um pedido ou uma foto, ou enviem:
    /edit@{ $username } um farol ao anoitecer
greeting-privacy = Aqui só vejo respostas a mim e comandos.
greeting-unseen = Aqui só vejo comandos e respostas a mim. Se vocês responderem a uma imagem de vocês, eu não a vejo: enviem a imagem com o pedido na legenda.
greeting-reads-all = Vocês também podem me mencionar: consigo ler todas as mensagens daqui, mas só reajo às que são para mim.
greeting-admin = Vocês também podem me mencionar: como admin, consigo ler todas as mensagens daqui, mas só reajo às que são para mim.

not-served-chat = Estou aqui só para outros grupos, por isso vou sair. Meu dono decide onde eu trabalho.
not-served-person = Este bot é privado. Peça ao dono para adicionar você: o seu número é { $id }.

unknown-command = Não conheço /{ $name }. /help mostra o que sei fazer.
only-command = Dessa mensagem usei só /{ $name }. Envie o resto separadamente, por favor.
reply-unknown = Essa mensagem não é uma resposta minha nem um pedido que eu tenha atendido, então não mudei nada. Responda a uma das nossas imagens, ou envie só /{ $name }.
edit-of-several = O seu pedido chegou em várias mensagens e não sei o que muda com isso. Envie tudo de novo em uma mensagem só, por favor.
edit-of-recording = Sigo o que você diz nela, então a legenda não muda nada. Para mudar o pedido, diga de novo, ou escreva.

## Movimentos na árvore

undone = ↩ De volta a esta.
undone-named = ↩ De volta a “{ $wish }”.
undone-words = ↩ De volta a “{ $wish }”, que respondi com palavras.
undone-said = ↩ De volta a uma resposta em palavras.
current-picture = Esta é a imagem desse momento.
undone-root = ↩ De volta ao começo. Envie um pedido novo, ou toque em “Refazer” para retornar.
undone-root-waiting = ↩ De volta ao começo. “Refazer” retorna.
undone-photo =
    { $count ->
        [1] ↩ De volta ao começo: a foto como chegou. Diga o que fazer com ela, ou toque em “Refazer” para retornar.
       *[other] ↩ De volta ao começo: as { $count } fotos como chegaram. Diga o que fazer com elas, ou toque em “Refazer” para retornar.
    }
redone-root = ↪ Adiante.
redone = ↪ Adiante até esta.
redone-named = ↪ Adiante até “{ $wish }”.
redone-words = ↪ Adiante até “{ $wish }”, que respondi com palavras.
redone-said = ↪ Adiante até uma resposta em palavras.
shown = Aqui está mais uma vez.
shown-named = Aqui está “{ $wish }” mais uma vez.
chosen = ✓ Continuamos a partir desta.
chosen-named = ✓ Continuamos a partir desta versão de “{ $wish }”.
chosen-words = ✓ Continuamos a partir de “{ $wish }”.
chosen-said = ✓ Continuamos a partir de uma resposta em palavras.
fresh = ✨ Um novo começo: a sua próxima mensagem será uma imagem nova. Para voltar a uma anterior, responda a ela ou envie /undo.
fresh-waiting = ✨ Um novo começo. Para voltar a uma imagem anterior, responda a ela ou envie /undo.
topic-name = Nova imagem
topic-opened = ✨ Continuamos num tópico próprio: “{ $name }”.
nothing-to-undo = Não há nada a desfazer: estamos no começo.
nothing-to-redo = Não há nada a refazer.
nothing-to-repeat = Ainda não há nada a repetir. Envie primeiro um pedido.
nothing-left-to-repeat = Esse pedido foi apagado, então não há mais nada para repetir.
nothing-to-file = Ainda não há imagem que eu possa enviar como arquivo.
nothing-to-cancel = Não estou pintando nada agora.
ended-by-block =
    { $count ->
        [one] Você me bloqueou enquanto uma mensagem sua esperava. Não fiz nada com ela. Envie de novo se ainda quiser.
       *[other] Você me bloqueou enquanto { $count } mensagens suas esperavam. Não fiz nada com elas. Envie de novo o que ainda quiser.
    }
waiting-ended =
    { $count ->
        [one] Tudo bem, deixo essa imagem de lado. Responda a ela com um pedido se quiser usá-la mesmo assim.
       *[other] Tudo bem, deixo essas { $count } imagens de lado. Responda a uma com um pedido se quiser usá-la mesmo assim.
    }
cancelled = Parei, como se você nunca tivesse pedido.
cancelled-only = Parei, como se você nunca tivesse pedido. Da sua mensagem usei só /cancel: envie o resto separadamente, por favor.
cancelled-others =
    { $count ->
        [one] { $said } Ainda há um pedido à espera, e começo com ele agora; /cancel também o interrompe.
       *[other] { $said } Ainda há { $count } pedidos à espera, e começo agora com o próximo; /cancel também o interrompe.
    }
moved-on = Isso acabou de mudar. Tente de novo.
button-outdated = Esse botão pertence a algo que eu não tenho mais.
taken-up = Já peguei este pedido, por isso não o faço uma segunda vez. Se quiser mais uma vez, envie de novo.
retold = ✎ Com as suas palavras editadas “{ $wish }”:
not-your-button = Os botões sob esta resposta são só para { $name }. Dá para mudar isso em /settings.

## Botões

button-again = 🔄 De novo
button-vary = 🎲 Quatro versões
button-undo = ↩ Desfazer
button-new = ✨ Nova
button-file = 📎 Arquivo
button-each = 🧩 Cada uma em separado
button-each-surely = Pintar as { $count }
button-try-again = Tentar de novo
button-other-model = Outro modelo
button-new-conversation = Começar de novo
button-cancel = Cancelar
button-show = Mostrar de novo
button-words = { $number ->
    [0] 💬 Ler a resposta em palavras
   *[other] 💬 Ler a resposta em palavras { $number }
}
button-forget-conversation = Apagar esta conversa
button-forget-person = Apagar tudo o que é meu
button-forget-surely = Apagar para sempre
button-forget-nothing = Manter tudo
button-admit = ✓ Aceitar
button-refuse = Recusar
button-block = 🚫 Bloquear
button-unblock = Desbloquear
button-back = ‹ Voltar
button-page-before = ‹ Página { $number }
button-page-after = Página { $number } ›

## Imagens que chegaram

what-to-do =
    { $count ->
        [one] O que faço com esta imagem? É só escrever.
       *[other] O que faço com estas { $count } imagens? É só escrever.
    }
what-to-do-group =
    { $count ->
        [one] O que faço com esta imagem? Responda a esta mensagem.
       *[other] O que faço com estas { $count } imagens? Responda a esta mensagem.
    }
what-wish = O que você gostaria? É só escrever, ou responda a uma imagem com um pedido.
what-wish-group = O que você gostaria? Responda a esta mensagem com o seu pedido.
what-wish-unseen = O que você gostaria? Responda a esta mensagem com o seu pedido. Se você respondeu a uma imagem, envie essa imagem junto: aqui o Telegram só me mostra respostas às minhas mensagens.
heard = 🎙 Entendi: “{ $words }”
recording-empty = Não ouvi palavras. Diga de novo, ou escreva o que você gostaria.
recording-too-long = Escuto { $limit_minutes } minutos no máximo. Diga com menos palavras, ou escreva.
recording-too-many = Já escutei muitas mensagens suas nesta hora. Escreva o que deseja, ou fale de novo mais tarde.
recording-unheard = Não consigo ouvir isso agora. Escreva o que você gostaria, ou tente mais tarde.
recording-interrupted = Fui interrompido enquanto ouvia. Diga de novo, ou escreva.
album-part = O Telegram me mostra só esta imagem do seu álbum. Envie o álbum como resposta a uma mensagem minha, e eu o vejo inteiro.
marked-place = A mesma imagem com uma marca desenhada. O pedido é só sobre o lugar marcado: mude apenas isso e tire as linhas desenhadas.
note-several =
    { $count ->
        [one] Usei a imagem que você enviou antes.
       *[other] Usei as { $count } imagens que você enviou uma após a outra.
    }
each-offer = Posso fazer esse pedido em cada uma destas { $count } imagens em separado. São { $count } imagens novas.
each-offer-priced = Posso fazer esse pedido em cada uma destas { $count } imagens em separado. São { $count } imagens novas, por cerca de US$ { $dollars }.
left-out =
    { $count ->
        [one] Deixei uma de fora. { $why }
       *[other] Deixei { $count } de fora. { $why }
    }
note-first-frame = Ela se move; uso o primeiro quadro.
note-first-page = Tem várias páginas; uso a primeira.
note-cover = Ele se move; uso a imagem que foi escolhida para ele.
note-sharp-frame = Ele se move; uso o primeiro quadro nítido.
note-small-frame = Ele se move; uso a pequena prévia que o Telegram mostra dele.
note-page = Uso a página { $page } de { $count }. Para outra, envie o arquivo de novo e diga qual, como em “página 2”.
note-first-page-small = Não consigo abrir PDFs aqui; uso a pequena prévia da primeira página que o Telegram mostra.
note-raw-preview = É um arquivo RAW de uma câmera; uso a prévia que a câmera guardou nele.
note-converted = Converti a imagem para o modelo. O seu original fica como está.
note-shrunk = Ela é maior do que qualquer modelo aceita, então trabalho com uma cópia menor. O seu original fica como está.
note-flattened = As partes transparentes ficaram brancas.
note-left-out =
    { $count ->
        [one] O modelo não aceita mais de { $limit } por vez, então deixei a última imagem de fora.
       *[other] O modelo não aceita mais de { $limit } por vez, então deixei de fora as últimas { $count } imagens.
    }
note-advised = O modelo recebeu todas. Ele se sai melhor com no máximo { $limit } imagens.
file-too-big = Esse arquivo tem mais de { $limit_mb } MB, e o Telegram não deixa bots baixarem mais do que isso. Envie menor ou como foto.
file-gone = O Telegram não tem mais esse arquivo. Envie de novo.
file-elsewhere = Seu arquivo chegou ao Telegram, mas não consigo acessá-lo: algo está mal configurado onde eu funciono. Avise, por favor, quem me administra.
not-a-picture = Isso não é uma imagem que eu consiga ler. Envie uma foto ou um arquivo PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP ou TIFF.
picture-unsupported = Não consigo ler esse tipo de imagem. Envie como PNG, JPEG, WebP, HEIC ou AVIF.
picture-raw = Isso é um arquivo RAW de uma câmera e não vejo nele nenhuma prévia grande. Envie como JPEG.
picture-truncated = Essa imagem está cortada: falta o fim do arquivo. Envie de novo.
picture-damaged = Essa imagem está danificada, por isso não consigo abrir. Envie outra cópia.
picture-too-many-parts = Esse arquivo tem muito mais partes do que uma imagem precisa, por isso não o leio. Salve a imagem de novo como PNG ou JPEG e envie.
picture-too-large-pixels = Essa imagem tem { $width_px } × { $height_px } pixels. Abro imagens desse tipo de até { $limit_megapixels } megapixels. Envie menor ou como JPEG.
pdf-no-page =
    { $count ->
        [one] Esse PDF tem só uma página, então não há página { $page }.
       *[other] Esse PDF tem só { $count } páginas, então não há página { $page }.
    }
pdf-locked = Esse PDF precisa de senha. Envie sem senha, ou envie a página como imagem.
pdf-damaged = Esse PDF está danificado e não consigo abri-lo. Envie outra cópia, ou a página como imagem.
unusable-video = Não consigo tirar uma imagem desse vídeo. Envie uma foto ou uma captura dele.
unusable-video_note = Não consigo tirar uma imagem dessa mensagem de vídeo. Envie uma foto ou escreva o que você gostaria.
unusable-voice = Não consigo ouvir mensagens de voz. Escreva o que você gostaria.
unusable-audio = Não consigo usar áudio. Envie palavras ou uma foto.
unusable-animation = Não consigo tirar uma imagem parada dessa animação. Envie uma foto ou uma captura dela.
unusable-own-film = Esse é um filme que fiz com as nossas imagens e não consigo mudá-lo. Responda a uma das imagens.
unusable-moving-sticker = Essa figurinha se move, e o Telegram não me mostra uma imagem parada dela. Uma figurinha comum ou uma foto funciona.
unusable-pdf = Não consigo ler esse PDF aqui. Envie a página como imagem, por exemplo uma captura de tela.
unusable-deleted_file = Quem enviou essa imagem a apagou aqui. Envie uma foto ou escreva o que você quer.
unusable-document = Não consigo usar esse tipo de arquivo. Envie uma foto ou uma imagem como arquivo (PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP ou TIFF).
unusable-other = Não consigo usar esse tipo de mensagem. Envie palavras ou uma foto.

## Enquanto se pinta

progress-painting = 🎨 Pintando…
progress-painting-long = 🎨 Pintando… há { $seconds } s
progress-unstored = A sua imagem está pronta, mas agora não consigo guardá-la. Ela chega assim que eu puder.
progress-queued =
    { $number ->
        [one] Você é o próximo da fila.
       *[other] O seu lugar na fila: { $number }.
    }

## Respostas

versions =
    { $count ->
        [one] Uma versão
       *[other] { $count } versões
    }{ $missing ->
        [0] . Com qual continuamos? ≈ faz quatro parecidas.
        [one] ; uma não saiu. Com qual continuamos? ≈ faz quatro parecidas.
       *[other] ; { $missing } não saíram. Com qual continuamos? ≈ faz quatro parecidas.
    }
versions-next = Se você continuar a escrever sem escolher, continuo a partir da número { $number }.
each-done =
    { $missing ->
        [0] Aqui estão, cada uma em separado, na sua ordem. De qual continuamos? Você também pode responder a uma delas.
        [one] Aqui estão, cada uma em separado, na sua ordem; uma não saiu. De qual continuamos?
       *[other] Aqui estão, cada uma em separado, na sua ordem; { $missing } não saíram. De qual continuamos?
    }
words-only-empty = O modelo respondeu sem imagem e sem palavras.
words-in-file = Esta resposta é longa demais para uma mensagem: está inteira no arquivo.
topic-gone = O tópico em que você pediu isto não existe mais, por isso a resposta vem aqui.
show-unknown = Não sei se a minha imagem chegou a você. Se não a vê acima, posso enviar de novo.
pictures-ready = Aqui estão.
photo-refused = A sua imagem está pronta, mas não posso enviar fotos nem arquivos aqui. Peça a um administrador para permitir e depois use /file.
file-refused = Não posso enviar arquivos aqui. Peça a um administrador para permitir e depois peça de novo.
interrupted = Fui interrompido enquanto pintava isto. Talvez já tenha sido pago. Tento de novo?
interrupted-again = Fui interrompido duas vezes enquanto pintava isto, por isso deixei de lado. Você pode tentar de novo.
picture-lost = Falta no meu armazenamento uma imagem em que isto se baseia. Envie a imagem de novo ou comece de novo.
trouble = Algo deu errado do meu lado com esta mensagem, por isso a deixei de lado. Tente de novo, talvez com outras palavras.
busy =
    { $limit ->
        [one] Já há { $limit } imagem à espera aqui.
       *[other] Já há { $limit } imagens à espera aqui.
    } Só posso aceitar mais quando houver lugar de novo: envie então este pedido outra vez, por favor.
busy-more = Já há tantas mensagens esperando aqui que deixei passar as suas últimas. Envie de novo quando eu tiver respondido, por favor.

note-ratio-ignored = O modelo não respeitou o formato { $ratio }.
note-ratio-nearest = { $model } não faz { $ratio }, então pedi o formato mais próximo: { $nearest }.
note-size-ignored = Pedi o tamanho { $size }, e o modelo fez { $width } × { $height } pixels.
note-model-replaced = { $old } não é mais oferecido, então quem pintou isto foi { $new }. Ele pinta daqui em diante; /model mostra os outros.
note-answered-instead = { $old } não está disponível no momento, então quem pintou isto foi { $new }.
note-wishes-unsaid = { $model } só lê um número limitado de caracteres por vez, então não recebe mais os seus pedidos mais antigos. /context mostra quantos.
note-unchanged = O modelo devolveu a mesma imagem. Tente mais uma vez, ou diga de outro jeito.
note-only-resized = A imagem mostra o mesmo que antes; só o tamanho mudou, de { $old } para { $new } pixels. Se você queria mais, peça de novo, talvez com outras palavras.

## A árvore em imagens

tree =
    { $count ->
        [one] Uma resposta até agora. A moldura mostra onde estamos.
       *[other] { $count } respostas até agora. A moldura mostra onde estamos; /go e um número leva até lá.
    }
number-in-words = A número { $number } eu respondi com palavras, então não há imagem para comparar. /tree mostra quais têm.
no-such-number =
    { $count ->
        [0] Ainda não há imagens aqui. Envie primeiro um pedido.
        [one] Por enquanto só há o número 1. /go 1 leva até lá.
       *[other] Qual? Os números vão de 1 a { $count }: /tree os mostra, /go 2 leva ao segundo.
    }
nothing-to-show = Ainda não há nada a mostrar. Envie primeiro um pedido.
nothing-to-compare = Esta imagem só tem um estado até agora. Mude-a primeiro e haverá algo a mostrar.
label-before = antes
label-after = depois
compared = Antes e depois. /compare original mostra o primeiro estado ao lado do atual.
compared-first = O primeiro estado e o atual.
timelapse =
    { $count ->
        [one] Um passo.
       *[other] Como ela nasceu, em { $count } passos.
    }
context =
    Para o seu próximo pedido, { $model } vê { $turns ->
        [0] { $pictures ->
            [0] zero imagens anteriores
            [one] só a imagem atual
           *[other] { $pictures } imagens
        }
       *[other] { $turns ->
            [one] o último passo
           *[other] os últimos { $turns } passos
        } e { $pictures ->
            [0] nenhuma imagem
            [one] uma imagem
           *[other] { $pictures } imagens
        }
    }, { $megabytes } MB.
offline-engine = o motor offline
context-first-sent = A primeira foto do caminho até esta imagem está sempre entre elas.
context-first-painted = A primeira imagem do caminho até esta está sempre entre elas.
context-told =
    { $count ->
        [one] De um passo mais antigo ele recebe só o pedido, sem imagens.
       *[other] De { $count } passos mais antigos ele recebe só os pedidos, sem imagens.
    }
context-unsaid =
    { $count ->
        [one] Ele não recebe o pedido mais antigo: o modelo só lê um número limitado de caracteres por vez.
       *[other] Ele não recebe os { $count } pedidos mais antigos: o modelo só lê um número limitado de caracteres por vez.
    }
context-price = A última resposta custou cerca de US$ { $dollars }.
context-empty = Nada ainda: a sua próxima mensagem inicia uma imagem nova.
context-photo =
    { $count ->
        [1] Por enquanto só o que foi enviado: uma foto. A sua próxima mensagem diz o que fazer com ela.
       *[other] Por enquanto só o que foi enviado: { $count } fotos. A sua próxima mensagem diz o que fazer com elas.
    }

## O que fica guardado

save-how = Responda a uma imagem com /save e um nome de uma só palavra, como /save hat. Depois você pode escrever @hat nos pedidos.
saved-as = Guardada. Diga o nome em um pedido para usá-la, como em “deixe @{ $name } em preto e branco”.
saved-current = Guardei a imagem atual. Aqui o Telegram não me mostra a que mensagem você responde, a não ser que seja minha. Escreva @{ $name } em um pedido, e mostro a imagem ao modelo.
reply-unseen = Aqui o Telegram não me mostra a que mensagem você responde, a não ser que seja minha. Se eu for admin deste grupo, passo a ver.
saved-list = Guardadas aqui: { $names }. /drop e um nome esquece uma delas.
saved-none = Nenhuma imagem tem nome aqui ainda. Responda a uma com /save hat.
nothing-to-save = Ainda não há aqui uma imagem que possa receber um nome.
no-picture-there = Não há imagem nessa mensagem. Responda a uma com /save e um nome.
dropped = Esqueci @{ $name }. A imagem em si fica.
name-unknown = Não há aqui nenhuma imagem chamada @{ $name }. /saved mostra todas.
exported =
    { $count ->
        [one] Um passo: imagens, uma página para ler (index.html) e contents.json para reproduzir.
       *[other] { $count } passos: imagens, uma página para ler (index.html) e contents.json para reproduzir.
    }
exported-part = Parte { $number } de { $parts }: passos { $first } a { $last }. Cada parte abre sozinha.
exported-replay = Parte { $number } de { $parts }: contents.json, para reproduzir tudo.
export-too-big = Esta conversa tem { $megabytes } MB, demais para enviar aqui. O dono pode gravá-la em uma pasta: pentimento export { $chat } PASTA
export-no-room = Agora não tenho espaço para montar o arquivo. Diga /export de novo mais tarde. O dono pode gravar a conversa em uma pasta: pentimento export { $chat } PASTA
forget-ask =
    O que apago para sempre? “Apagar esta conversa” abrange tudo o que há neste chat ou tópico, também o que veio antes de /new.

    Eu apago o que guardo. O que você vê nesta conversa fica até você apagar no Telegram, e uma resposta a isso o traz de volta para mim.
forget-ask-group =
    O que apago para sempre? “Apagar esta conversa” abrange tudo o que há neste chat ou tópico, também o que veio antes de /new. “Apagar tudo o que é meu” apaga a sua conversa privada comigo e as suas palavras e imagens em grupos; as respostas em grupos ficam.

    Eu apago o que guardo. O que você vê nesta conversa fica até você apagar no Telegram, e uma resposta a isso o traz de volta para mim.
forget-sure = Apagar para sempre tudo o que há aqui: { $turns ->
        [one] um pedido
       *[other] { $turns } pedidos
    } e { $pictures ->
        [one] uma imagem
       *[other] { $pictures } imagens
    }?
forget-sure-person = Apagar para sempre as suas palavras e imagens em { $turns ->
        [one] um pedido
       *[other] { $turns } pedidos
    }, { $pictures ->
        [one] uma imagem
       *[other] { $pictures } imagens
    } ao todo?
forget-expired = Essa pergunta tem mais de dez minutos, por isso deixei tudo como está. /forget pergunta de novo.
forget-not-yours = Só quem recebeu a pergunta pode responder. /forget pergunta de novo.
forget-painting = Ainda estou pintando uma imagem que você comprou. Toque no botão de novo quando ela estiver pronta.
forget-painting-for-other = Estou pintando com as suas palavras uma imagem que outra pessoa comprou. Toque no botão de novo quando ela estiver pronta.
forget-admins-only = Só administradores deste grupo podem apagar a conversa dele.
forget-kept = Nada foi apagado.
forgotten = Apagado: { $turns } { $turns ->
        [one] pedido
       *[other] pedidos
    } e { $pictures } { $pictures ->
        [one] imagem
       *[other] imagens
    }.{ $shared ->
        [0] {""}
        [one] {" "}Mais { $shared } também faz parte de outro chat e fica lá.
       *[other] {" "}Mais { $shared } também fazem parte de outros chats e ficam lá.
    }
forgotten-person = Apagado: as suas palavras e imagens em { $turns } { $turns ->
        [one] pedido
       *[other] pedidos
    }, { $pictures } { $pictures ->
        [one] imagem
       *[other] imagens
    } ao todo.{ $shared ->
        [0] {""}
        [one] {" "}Mais { $shared } também faz parte de outro chat e fica lá.
       *[other] {" "}Mais { $shared } também fazem parte de outros chats e ficam lá.
    }
forgotten-later = Falta uma coisa: outro programa tem o banco de dados do bot aberto, por isso as palavras apagadas ainda estão no disco. Vou removê-las assim que ele o liberar; não é preciso fazer nada.

## Configurações e privacidade

settings = Configurações deste chat
settings-offline = Neste sandbox quem pinta é o motor offline, seja qual for o modelo escolhido. A escolha só muda os formatos e tamanhos disponíveis.
setting-ratio = Formato: { $value }
setting-size = Tamanho: { $value }
setting-effort = Capricho: { $value }
setting-words = Comentários com a imagem: { $value }
setting-model = Modelo: { $value }
setting-language = Idioma: { $value }
setting-buttons = Botões: { $value }
setting-author = quem pediu
setting-anyone = qualquer pessoa
setting-auto = automático
setting-on = sim
setting-off = não
effort-draft = rascunho
effort-normal = normal
effort-careful = caprichado
choose-unknown = Não posso escolher “{ $value }” aqui, por isso nada mudou.
choose-elsewhere = { $model } não oferece essa opção. /model mostra outros modelos.
choose-ratio = Que formato as novas imagens devem ter? Uma imagem que você muda mantém o dela. Para um só pedido: /ratio 16:9 e depois o pedido.
choose-size = Que tamanho as novas imagens devem ter?
choose-effort = Quanto capricho { $model } deve ter? Um rascunho é mais rápido; caprichado demora mais e fica melhor com muito texto ou detalhe.
choose-effort-elsewhere = Quanto capricho o modelo deve ter? { $model } não oferece essa opção; ela vale para os modelos que oferecem.
choose-model = Que modelo deve pintar?
own-server = Servidor próprio
choose-maker = De quem é o modelo que deve pintar? Também pode escrever /model e o nome de um modelo.
choose-language = Em que idioma devo falar aqui?
choose-buttons = Quem pode apertar os botões sob uma resposta neste grupo?
allow-in-groups = /allow é para grupos: lá os administradores escolhem quem pode me usar.
allow-admins-only = Só administradores deste grupo decidem quem pode me usar.
allow-everybody = Todos neste grupo podem me usar.
allow-admins = Só administradores deste grupo podem me usar.
allow-people = Podem me usar os administradores deste grupo e: { $names }.
allow-how = /allow everybody (todos), /allow admins (administradores), ou responda com /allow à mensagem de alguém.
not-allowed-here = Neste grupo só algumas pessoas podem me usar. Um administrador pode incluir você com /allow.
admins-unknown = Agora o Telegram não me diz quem são os administradores deste grupo, então não consigo verificar se você pode fazer isso. Tente de novo em alguns minutos.
usage-none = Você ainda não me pediu nada.
usage-own =
    Até agora, { $pictures ->
        [0] nenhuma imagem
        [one] uma imagem
       *[other] { $pictures } imagens
    } de { $turns ->
        [one] um pedido
       *[other] { $turns } pedidos
    }, cerca de US$ { $dollars }.
usage-offline =
    Até agora, { $pictures ->
        [0] nenhuma imagem
        [one] uma imagem
       *[other] { $pictures } imagens
    } de { $turns ->
        [one] um pedido
       *[other] { $turns } pedidos
    }. No sandbox tudo é grátis.
usage-everybody = Todos:
usage-line = • { $name }: respondidos: { $turns }, com imagem: { $pictures }, cerca de US$ { $dollars }
usage-forgotten = Pessoas cujos dados foram apagados
usage-all-calls = Todas as chamadas juntas, também as recusadas ou interrompidas que podem ser cobradas: cerca de US$ { $dollars }
privacy = O que eu guardo: as mensagens que você me envia com as imagens delas, as minhas respostas e o que pertence a quê, para que você possa continuar a partir de qualquer imagem a qualquer momento. Tudo fica no computador onde eu funciono, até que você apague com /forget ou o dono apague.
privacy-days = Depois de { $days ->
        [one] um dia
       *[other] { $days } dias
    } eu mesmo apago, a não ser que tenha um nome (/saved) ou que você tenha continuado a partir daí mais tarde.
privacy-room = Quando minhas imagens ocupam mais de { $gigabytes } GB, eu mesmo apago o mais antigo, a não ser que tenha um nome (/saved) ou que você tenha continuado a partir daí mais tarde.
privacy-provider = O que sai de lá: cada pedido vai para { $provider } com os pedidos, respostas e imagens anteriores desta conversa, sem os dados de local e câmera que as fotos trazem. Nos grupos, os primeiros nomes das pessoas vão junto.
privacy-own = O que sai de lá: cada pedido vai para um servidor que o meu dono mantém, com os pedidos, respostas e imagens anteriores desta conversa, sem os dados de local e câmera que as fotos trazem. Nos grupos, os primeiros nomes das pessoas vão junto.
privacy-relay = { $provider } (por meio de { $host })
privacy-relay-own = { $provider } (por meio de um servidor que o meu dono mantém)
privacy-instead = Quando ele não está disponível, o mesmo vai para { $others }.
privacy-instead-own = Quando ele não está disponível, o mesmo vai para um servidor que o meu dono mantém.
privacy-instead-both = Quando ele não está disponível, o mesmo vai para { $others } ou para um servidor que o meu dono mantém.
privacy-offline = O que sai de lá: nada. Este é o sandbox: as imagens vêm de um pequeno motor neste mesmo computador, e tudo é grátis.
privacy-uploads = O Google guarda as imagens maiores por 48 horas e depois as apaga sozinho; com /forget eu peço que ele faça isso na hora.
privacy-voice = Mensagens de voz e de vídeo vão para { $provider } para serem transcritas. Guardo as palavras, não a gravação.
privacy-groups-meant = Em grupos só vejo respostas a mim e comandos. Onde sou admin, vejo todas as mensagens, mas só guardo as que são para mim.
privacy-groups-all = Em grupos vejo todas as mensagens, mas só guardo as que são para mim.
privacy-here-meant = Neste grupo só vejo respostas a mim e comandos.
privacy-here-all = Neste grupo vejo todas as mensagens, mas só guardo as que são para mim.
privacy-here-unknown = Neste grupo talvez eu veja todas as mensagens, mas só guardo as que são para mim.
privacy-here-admin = Como admin deste grupo, vejo todas as mensagens, mas só guardo as que são para mim.
privacy-elsewhere = Em conversas de que não participo, só vejo uma mensagem quando ela me chama, e aquela a que ela responde. Seu pedido e minha resposta eu guardo como aqui. O que outros escreveram ou enviaram eu uso só para esse pedido. Por um dia guardo o nome com que o Telegram entrega a imagem deles, para que “De novo” funcione.
privacy-inline = Quando você digita depois do meu nome em qualquer conversa, vejo o que você digita. Só guardo o que você me manda pintar.
privacy-staging = Onde não tenho uma conversa com você, minha imagem passa primeiro, por um momento, por uma conversa do meu dono.
privacy-guests = Onde o meu dono decide quem pode me usar, guardo o nome e o número de quem pediu e, até lá, o primeiro pedido. /forget apaga o nome. O número e a decisão ficam, para que um bloqueio não acabe com isso.
