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

# A picture in which only the change is new; where the model's own is shown instead.
note-kept = 🔒 Todo lo demás sigue siendo tu foto.
note-kept-picture = 🔒 Todo lo demás sigue como estaba.
note-kept-some = 🔒 Todo lo demás sigue como estaba en: { $numbers }.
note-crop-left = Dejé que el modelo pintara solo los alrededores de tu marca, y no encajan de nuevo en tu imagen. Esto es lo que pintó. Con «Otra vez» recibe la imagen entera.
note-mark-left = El modelo ha pintado de nuevo más que el lugar marcado, y no he podido tomar solo ese lugar.
button-painted = 🖌 Lo que pintó el modelo
button-only = 🔒 Solo el cambio
painted-here = Esto es lo que pintó el modelo. Seguimos desde esta imagen.
painted-there = Esto es lo que pintó el modelo. Responde a este mensaje para seguir desde aquí.
only-here = Solo el cambio, y todo lo demás como estaba. Seguimos desde esta imagen.
only-there = Solo el cambio, y todo lo demás como estaba. Responde a este mensaje para seguir desde aquí.
only-nothing = No he podido tomar solo el cambio: no está en un solo lugar, o la imagen anterior ya no existe.
only-later = Ha tardado demasiado, porque hay mucho trabajo ahora mismo. Pulsa el botón otra vez dentro de un minuto.
file-reduced = La imagen sin pérdida ocupa { $megabytes } MB, y Telegram acepta de un bot 50 MB como máximo. Este JPEG de { $width } × { $height } píxeles es lo mejor que cabe.
setting-keep = Conservar el resto: { $value }
setting-offered = con un botón
setting-never = nunca
choose-keep = Los modelos vuelven a pintar toda la imagen. Si solo cambió un lugar, ¿conservo el resto de tu imagen como estaba? Automático: siempre que sea seguro, como con un lugar que marcaste; si no, lo ofrece un botón.
compared-outlined = La línea rodea lo que es distinto.

## The page of an export.

page-title = Una conversación en imágenes
page-part = Parte { $number } de { $parts }, pasos { $first } a { $last }
page-began = un comienzo
page-from = a partir de { $number }
page-from-part = a partir de { $number }, en la parte { $part }
page-lost =
    { $count ->
        [one] Se ha perdido una de sus imágenes.
       *[other] Se han perdido { $count } de sus imágenes.
    }
page-elsewhere =
    { $count ->
        [one] Una de sus imágenes está en otra parte.
       *[other] { $count } de sus imágenes están en otra parte.
    }
