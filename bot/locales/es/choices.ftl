# Lo que se puede elegir y hacer con una imagen: movimientos, versiones, formatos, modelos.

moved-by = { $name }: { $said }
button-redo = ↪ Rehacer
wish-like-this = Otra imagen como esta, con pequeñas diferencias

help-all = Todos los comandos
button-done = Listo
nothing-to-film = Una sola imagen por ahora: un timelapse necesita dos.
compared-numbers = Número { $first } y número { $second }.
drop-which = ¿Qué nombre? /saved los muestra todos.

## Modelos

strength-quick = rápido, para el día a día
strength-versatile = bueno para casi todo
strength-best = el mejor con detalles y texto
strength-cheap = el más barato, para primeras pruebas
model-price = unos { $dollars } $
one-size = { $model } pinta en un solo tamaño. Estos modelos tienen varios:
choose-nearest = { $model } no hace { $value }, así que nada ha cambiado. Lo más parecido es { $nearest }.
