# O que se pode escolher e fazer com uma imagem: movimentos, versões, formatos, modelos.

moved-by = { $name }: { $said }
button-redo = ↪ Refazer
wish-like-this = Outra imagem como esta, com pequenas diferenças

help-all = Todos os comandos
button-done = Pronto
nothing-to-film = Uma imagem até agora: um timelapse precisa de duas.
compared-numbers = Número { $first } e número { $second }.
drop-which = Qual nome? /saved mostra todos.

## Modelos

strength-quick = rápido, para o dia a dia
strength-versatile = bom para quase tudo
strength-best = o melhor em detalhes e texto
strength-cheap = o mais barato, para primeiras tentativas
model-price = cerca de US$ { $dollars }
one-size = { $model } pinta em um só tamanho. Estes modelos têm vários:
choose-nearest = { $model } não faz { $value }, então nada mudou. O mais próximo é { $nearest }.

# A picture in which only the change is new; where the model's own is shown instead.
note-kept = 🔒 Todo o resto continua sendo a sua foto.
note-kept-picture = 🔒 Todo o resto continua como estava.
note-kept-some = 🔒 Todo o resto continua como estava em: { $numbers }.
note-crop-left = Deixei o modelo pintar só os arredores da sua marca, e eles não se encaixam de volta na sua imagem. Isto é o que ele pintou. Com “De novo” ele recebe a imagem inteira.
note-mark-left = O modelo pintou de novo mais do que o lugar marcado, e não consegui aproveitar só esse lugar.
button-painted = 🖌 O que o modelo pintou
button-only = 🔒 Só a mudança
painted-here = Isto é o que o modelo pintou. Continuamos a partir desta imagem.
painted-there = Isto é o que o modelo pintou. Responda a esta mensagem para continuar daqui.
only-here = Só a mudança, e todo o resto como estava. Continuamos a partir desta imagem.
only-there = Só a mudança, e todo o resto como estava. Responda a esta mensagem para continuar daqui.
only-nothing = Não consegui aproveitar só a mudança: ela não está num só lugar, ou a imagem anterior já não existe.
only-later = Demorou demais, porque há muito trabalho agora. Toque no botão de novo daqui a um minuto.
file-reduced = A imagem sem perdas tem { $megabytes } MB, e o Telegram aceita de um bot no máximo 50 MB. Este JPEG de { $width } × { $height } pixels é o melhor que cabe.
setting-keep = Manter o resto: { $value }
setting-offered = por um botão
setting-never = nunca
choose-keep = Os modelos repintam a imagem inteira. Se só um lugar mudou, devo manter o resto da sua imagem como estava? Automático: sempre que for seguro, como num lugar que você marcou; senão, um botão oferece isso.
compared-outlined = A linha contorna o que está diferente.

## The page of an export.

page-title = Uma conversa em imagens
page-part = Parte { $number } de { $parts }, passos { $first } a { $last }
page-began = um começo
page-from = a partir de { $number }
page-from-part = a partir de { $number }, na parte { $part }
page-lost =
    { $count ->
        [one] Uma das suas imagens se perdeu.
       *[other] { $count } das suas imagens se perderam.
    }
page-elsewhere =
    { $count ->
        [one] Uma das suas imagens está em outra parte.
       *[other] { $count } das suas imagens estão em outra parte.
    }
