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
