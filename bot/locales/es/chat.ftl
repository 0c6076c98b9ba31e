# Todo lo que dice el propio bot. Los errores de los proveedores están en errors.ftl.

## Inicio y ayuda

start =
    ¡Hola! Dime qué pintar, o envía una foto y di qué cambiar.

    Prueba «un faro al anochecer», o una foto con «ponla en blanco y negro». Y sigue: «más cálida», «añade una barca». Responde a cualquier imagen anterior para continuar desde ella. Para cambiar un solo lugar, rodéalo con el lápiz del editor de fotos de Telegram.

    /help muestra cómo funciona.
help =
    Cómo funciona
    • Describe una imagen para crearla, o un cambio en la actual.
    • Una foto con texto se edita. Una foto sin palabras espera tu próximo mensaje.
    • Para cambiar un solo lugar, rodéalo con el lápiz del editor de fotos de Telegram y envía la copia con tu deseo. Si la foto es nueva para mí, envíala antes una vez sin los trazos.
    • Responde a cualquier imagen, mía o tuya, para continuar desde ella.
    • Edita tu mensaje y lo hago de nuevo.
    • { $groups }

    Lo que más necesitas
    { $commands }

    /x4 un gato hace cuatro versiones de un deseo nuevo. /help todo muestra todos los comandos.
help-groups = En los grupos, respóndeme o envía /edit@{ $username } y un deseo.
help-groups-mentions = En este grupo, mencióname, respóndeme o envía /edit@{ $username } y un deseo.
help-here = En este grupo, respóndeme o envía /edit@{ $username } y un deseo.
help-in-group =
    Cómo funciona aquí
    • { $groups }
    • Describe una imagen para crearla, o un cambio en la actual.
    • Una foto o un álbum con un texto así se edita. Como respuesta a mí y sin palabras, espera un deseo.
    • Para cambiar un solo lugar, rodéalo con el lápiz del editor de fotos de Telegram y envía la copia como respuesta.
    • Responde a cualquier imagen mía para continuar desde ella.
    • { $pictures }
    • Edita tu mensaje y lo hago de nuevo.

    Lo que más necesitan
    { $commands }

    /help todo muestra todos los comandos.
help-pictures = Responde a la imagen de cualquiera con /edit@{ $username } y un deseo, y la edito.
greeting =
    ¡Hola! Aquí pinto y edito imágenes junto con todo el grupo.

    Respondan a este mensaje con un deseo o una foto, o envíen:
    /edit@{ $username } un faro al anochecer
greeting-privacy = Aquí solo veo las respuestas a mis mensajes y los comandos.
greeting-unseen = Aquí solo veo los comandos y las respuestas a mis mensajes. Si responden a una imagen suya, no la veo: envíenla con el deseo como texto.
greeting-reads-all = También pueden mencionarme: puedo leer todos los mensajes de aquí, pero solo actúo con los que son para mí.
greeting-admin = También pueden mencionarme: como administrador puedo leer todos los mensajes de aquí, pero solo actúo con los que son para mí.

not-served-chat = Estoy aquí solo para otros grupos, así que me voy. Mi dueño decide dónde trabajo.
not-served-person = Este bot es privado. Pídele a su dueño que te añada: tu número es { $id }.

unknown-command = No conozco /{ $name }. /help muestra lo que sé hacer.
only-command = De ese mensaje solo usé /{ $name }. Envía el resto aparte, por favor.
reply-unknown = Ese mensaje no es una respuesta mía ni un deseo que haya cumplido, así que no he cambiado nada. Responde a una de nuestras imágenes, o envía solo /{ $name }.
edit-of-several = Tu deseo llegó en varios mensajes y no sé qué cambia con esto. Envíalo otra vez en una sola pieza, por favor.
edit-of-recording = Me guío por lo que dices en él, así que su texto no cambia nada. Para cambiar el deseo, dilo de nuevo o escríbelo.

## Movimientos en el árbol

undone = ↩ De vuelta a esta.
undone-named = ↩ De vuelta a «{ $wish }».
undone-words = ↩ De vuelta a «{ $wish }», a lo que respondí con palabras.
undone-said = ↩ De vuelta a una respuesta en palabras.
current-picture = Esta es la imagen de ese momento.
undone-root = ↩ De vuelta al principio. Envía un deseo nuevo, o pulsa «Rehacer» para volver.
undone-root-waiting = ↩ De vuelta al principio. «Rehacer» vuelve.
undone-photo =
    { $count ->
        [1] ↩ De vuelta al principio: la foto tal como llegó. Di qué hago con ella, o pulsa «Rehacer» para volver.
       *[other] ↩ De vuelta al principio: las { $count } fotos tal como llegaron. Di qué hago con ellas, o pulsa «Rehacer» para volver.
    }
redone-root = ↪ Adelante.
redone = ↪ Adelante hasta esta.
redone-named = ↪ Adelante hasta «{ $wish }».
redone-words = ↪ Adelante hasta «{ $wish }», a lo que respondí con palabras.
redone-said = ↪ Adelante hasta una respuesta en palabras.
shown = Aquí está otra vez.
shown-named = Aquí está otra vez «{ $wish }».
chosen = ✓ Seguimos desde esta.
chosen-named = ✓ Seguimos desde esta versión de «{ $wish }».
chosen-words = ✓ Seguimos desde «{ $wish }».
chosen-said = ✓ Seguimos desde una respuesta en palabras.
fresh = ✨ Empezamos de cero: tu próximo mensaje será una imagen nueva. Para volver a una anterior, responde a ella o envía /undo.
fresh-waiting = ✨ Empezamos de cero. Para volver a una imagen anterior, responde a ella o envía /undo.
topic-name = Imagen nueva
topic-opened = ✨ Seguimos en un tema propio: «{ $name }».
nothing-to-undo = No hay nada que deshacer: estamos al principio.
nothing-to-redo = No hay nada que rehacer.
nothing-to-repeat = Todavía no hay nada que repetir. Envíame primero un deseo.
nothing-left-to-repeat = Ese deseo se borró, así que no queda nada que repetir.
nothing-to-file = Todavía no hay ninguna imagen que pueda enviar como archivo.
nothing-to-cancel = Ahora mismo no estoy pintando nada.
ended-by-block =
    { $count ->
        [one] Me bloqueaste mientras un mensaje tuyo esperaba. No hice nada con él. Envíalo otra vez si todavía lo quieres.
       *[other] Me bloqueaste mientras { $count } mensajes tuyos esperaban. No hice nada con ellos. Envía otra vez lo que todavía quieras.
    }
waiting-ended =
    { $count ->
        [one] De acuerdo, dejo esa imagen. Respóndele con un deseo si al final quieres usarla.
       *[other] De acuerdo, dejo esas { $count } imágenes. Responde a una con un deseo si al final quieres usarla.
    }
cancelled = Detenido, como si nunca lo hubieras pedido.
cancelled-only = Detenido, como si nunca lo hubieras pedido. De tu mensaje solo usé /cancel: envía el resto aparte, por favor.
cancelled-others =
    { $count ->
        [one] { $said } Queda un deseo en espera y empiezo con él ahora; /cancel también lo detiene.
       *[other] { $said } Quedan { $count } deseos en espera y empiezo ahora con el siguiente; /cancel también lo detiene.
    }
moved-on = Esto acaba de cambiar. Inténtalo otra vez.
button-outdated = Ese botón pertenece a algo que ya no tengo.
taken-up = Ya me he puesto con este deseo, así que no lo hago otra vez. Si lo quieres de nuevo, envíalo otra vez.
retold = ✎ Con tus palabras corregidas «{ $wish }»:
not-your-button = Los botones bajo esta respuesta son solo para { $name }. Eso se cambia en /settings.

## Botones

button-again = 🔄 Otra vez
button-vary = 🎲 Cuatro versiones
button-undo = ↩ Deshacer
button-new = ✨ Nueva
button-file = 📎 Archivo
button-each = 🧩 Cada una por separado
button-each-surely = Pintar las { $count }
button-try-again = Intentar de nuevo
button-other-model = Otro modelo
button-new-conversation = Empezar de nuevo
button-cancel = Cancelar
button-show = Mostrar otra vez
button-words = { $number ->
    [0] 💬 Leer la respuesta en palabras
   *[other] 💬 Leer la respuesta en palabras { $number }
}
button-forget-conversation = Borrar esta conversación
button-forget-person = Borrar todo lo mío
button-forget-surely = Borrar para siempre
button-forget-nothing = Conservar todo
button-admit = ✓ Admitir
button-refuse = Rechazar
button-block = 🚫 Bloquear
button-unblock = Desbloquear
button-back = ‹ Volver
button-page-before = ‹ Página { $number }
button-page-after = Página { $number } ›

## Imágenes que llegan

what-to-do =
    { $count ->
        [one] ¿Qué hago con esta imagen? Solo escríbelo.
       *[other] ¿Qué hago con estas { $count } imágenes? Solo escríbelo.
    }
what-to-do-group =
    { $count ->
        [one] ¿Qué hago con esta imagen? Responde a este mensaje.
       *[other] ¿Qué hago con estas { $count } imágenes? Responde a este mensaje.
    }
what-wish = ¿Qué te gustaría? Solo escríbelo, o responde a una imagen con un deseo.
what-wish-group = ¿Qué te gustaría? Responde a este mensaje con tu deseo.
what-wish-unseen = ¿Qué te gustaría? Responde a este mensaje con tu deseo. Si respondiste a una imagen, envíala también: aquí Telegram solo me muestra las respuestas a mis mensajes.
heard = 🎙 He entendido: «{ $words }»
recording-empty = No he oído palabras. Dilo otra vez, o escribe lo que te gustaría.
recording-too-long = Escucho { $limit_minutes } minutos como máximo. Dilo en menos palabras, o escríbelo.
recording-too-many = Ya escuché muchos mensajes tuyos en esta hora. Escribe lo que quieres, o vuelve a hablar más tarde.
recording-unheard = Ahora mismo no puedo escucharlo. Escribe lo que te gustaría, o inténtalo más tarde.
recording-interrupted = Me interrumpieron mientras escuchaba. Dilo otra vez, o escríbelo.
album-part = Telegram me muestra solo esta imagen de tu álbum. Envía el álbum como respuesta a un mensaje mío y lo veré entero.
marked-place = La misma imagen con una marca dibujada. El deseo es solo sobre el lugar marcado: cambia únicamente eso y quita las líneas dibujadas.
note-several =
    { $count ->
        [one] Usé la imagen que enviaste antes.
       *[other] Usé las { $count } imágenes que enviaste una tras otra.
    }
each-offer = Puedo aplicar ese deseo a cada una de estas { $count } imágenes por separado. Salen { $count } imágenes nuevas.
each-offer-priced = Puedo aplicar ese deseo a cada una de estas { $count } imágenes por separado. Salen { $count } imágenes nuevas, por unos { $dollars } $.
left-out =
    { $count ->
        [one] Dejé una fuera. { $why }
       *[other] Dejé { $count } fuera. { $why }
    }
note-first-frame = Se mueve; uso su primer fotograma.
note-first-page = Tiene varias páginas; uso la primera.
note-cover = Se mueve; uso la imagen que se eligió para él.
note-sharp-frame = Se mueve; uso su primer fotograma nítido.
note-small-frame = Se mueve; uso la pequeña vista previa que Telegram muestra de él.
note-page = Uso la página { $page } de { $count }. Para otra, envía el archivo otra vez y nómbrala, como en «página 2».
note-first-page-small = Aquí no puedo abrir archivos PDF; uso la pequeña vista previa de la primera página que muestra Telegram.
note-raw-preview = Es un archivo RAW de una cámara; uso la vista previa que la cámara guardó dentro.
note-converted = La he convertido para el modelo. Tu original se queda como está.
note-shrunk = Es más grande de lo que acepta cualquier modelo, así que trabajo con una copia más pequeña. Tu original se queda como está.
note-flattened = Sus partes transparentes quedaron en blanco.
note-left-out =
    { $count ->
        [one] El modelo no acepta más de { $limit } a la vez, así que he dejado fuera la última imagen.
       *[other] El modelo no acepta más de { $limit } a la vez, así que he dejado fuera las últimas { $count } imágenes.
    }
note-advised = El modelo las recibió todas. Le sale mejor con { $limit } imágenes como máximo.
file-too-big = Ese archivo pesa más de { $limit_mb } MB, y Telegram no deja a los bots descargar más. Envíalo más pequeño o como foto.
file-gone = Telegram ya no tiene ese archivo. Envíalo otra vez.
file-elsewhere = Tu archivo llegó a Telegram, pero no puedo acceder a él: algo está mal configurado donde funciono. Avisa, por favor, a quien me administra.
not-a-picture = Eso no es una imagen que yo pueda leer. Envía una foto o un archivo PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP o TIFF.
picture-unsupported = No puedo leer ese tipo de imagen. Envíala como PNG, JPEG, WebP, HEIC o AVIF.
picture-raw = Eso es un archivo RAW de una cámara y no veo dentro ninguna vista previa grande. Envíalo como JPEG.
picture-truncated = Esa imagen está cortada: falta el final del archivo. Envíala otra vez.
picture-damaged = Esa imagen está dañada y no puedo abrirla. Envía otra copia.
picture-too-many-parts = Ese archivo tiene muchas más partes de las que necesita una imagen, así que no lo leo. Guarda la imagen de nuevo como PNG o JPEG y envíala.
picture-too-large-pixels = Esa imagen tiene { $width_px } × { $height_px } píxeles. Abro imágenes de ese tipo de hasta { $limit_megapixels } megapíxeles. Envíala más pequeña o como JPEG.
pdf-no-page =
    { $count ->
        [one] Ese PDF tiene una sola página, así que no hay página { $page }.
       *[other] Ese PDF tiene solo { $count } páginas, así que no hay página { $page }.
    }
pdf-locked = Ese PDF necesita una contraseña. Envíalo sin ella, o envía la página como imagen.
pdf-damaged = Ese PDF está dañado y no puedo abrirlo. Envía otra copia, o la página como imagen.
unusable-video = No consigo sacar una imagen de ese vídeo. Envíame una foto o una captura del vídeo.
unusable-video_note = No consigo sacar una imagen de ese mensaje de vídeo. Envíame una foto o escribe lo que te gustaría.
unusable-voice = No puedo escuchar mensajes de voz. Escribe lo que te gustaría.
unusable-audio = No puedo usar audio. Envíame palabras o una foto.
unusable-animation = No consigo sacar una imagen fija de esa animación. Envíame una foto o una captura de ella.
unusable-own-film = Esa es una película que hice con nuestras imágenes y no puedo cambiarla. Responde a una de las imágenes.
unusable-moving-sticker = Ese sticker se mueve y Telegram no me muestra ninguna imagen fija de él. Un sticker normal o una foto sí funcionan.
unusable-pdf = Aquí no puedo leer ese PDF. Envíame la página como imagen, por ejemplo una captura de pantalla.
unusable-deleted_file = Quien envió esa imagen la ha borrado aquí. Envíame una foto o escribe lo que quieres.
unusable-document = No puedo usar ese tipo de archivo. Envía una foto, o una imagen como archivo (PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP o TIFF).
unusable-other = No puedo usar ese tipo de mensaje. Envíame palabras o una foto.

## Mientras se pinta

progress-painting = 🎨 Pintando…
progress-painting-long = 🎨 Pintando… desde hace { $seconds } s
progress-unstored = Tu imagen está lista, pero ahora mismo no puedo guardarla. Llegará en cuanto pueda.
progress-queued =
    { $number ->
        [one] Te toca a continuación.
       *[other] Tu lugar en la cola: { $number }.
    }

## Respuestas

versions =
    { $count ->
        [one] Una versión
       *[other] { $count } versiones
    }{ $missing ->
        [0] . ¿Con cuál seguimos? ≈ hace cuatro parecidas.
        [one] ; una no salió. ¿Con cuál seguimos? ≈ hace cuatro parecidas.
       *[other] ; { $missing } no salieron. ¿Con cuál seguimos? ≈ hace cuatro parecidas.
    }
versions-next = Si sigues escribiendo sin elegir, continúo desde la número { $number }.
each-done =
    { $missing ->
        [0] Aquí están, cada una por separado y en tu orden. ¿Desde cuál seguimos? También puedes responder a una de ellas.
        [one] Aquí están, cada una por separado y en tu orden; una no salió. ¿Desde cuál seguimos?
       *[other] Aquí están, cada una por separado y en tu orden; { $missing } no salieron. ¿Desde cuál seguimos?
    }
words-only-empty = El modelo respondió sin imagen y sin palabras.
words-in-file = Esta respuesta es demasiado larga para un mensaje: está entera en el archivo.
topic-gone = El tema donde pediste esto ya no existe, así que la respuesta llega aquí.
show-unknown = No sé si mi imagen te llegó. Si no la ves arriba, puedo enviarla otra vez.
pictures-ready = Aquí están.
photo-refused = Tu imagen está hecha, pero aquí no me dejan enviar fotos ni archivos. Pide a un administrador que lo permita y luego usa /file.
file-refused = Aquí no me dejan enviar archivos. Pide a un administrador que lo permita y luego vuelve a pedírmelo.
interrupted = Me interrumpieron mientras pintaba esto. Puede que ya esté pagado. ¿Lo intento otra vez?
interrupted-again = Me interrumpieron dos veces mientras pintaba esto, así que lo he apartado. Puedes intentarlo otra vez.
picture-lost = Falta en mi almacén una imagen que hace falta para esto. Envíala otra vez o empieza de nuevo.
trouble = Algo falló por mi lado con este mensaje, así que lo he apartado. Inténtalo otra vez, quizá con otras palabras.
busy =
    { $limit ->
        [one] Ya hay { $limit } imagen esperando aquí.
       *[other] Ya hay { $limit } imágenes esperando aquí.
    } No puedo aceptar más hasta que vuelva a haber sitio: envía entonces este deseo otra vez, por favor.
busy-more = Ya esperan aquí tantos mensajes que he pasado por alto tus últimos. Envíalos de nuevo cuando haya respondido, por favor.

note-ratio-ignored = El modelo no respetó el formato { $ratio }.
note-ratio-nearest = { $model } no hace { $ratio }, así que pedí el formato más cercano: { $nearest }.
note-size-ignored = Pedí el tamaño { $size }, y el modelo hizo { $width } × { $height } píxeles.
note-model-replaced = { $old } ya no se ofrece, así que esto lo pintó { $new }. A partir de ahora pinta ese; /model muestra los demás.
note-answered-instead = { $old } no está disponible en este momento, así que esto lo pintó { $new }.
note-wishes-unsaid = { $model } solo lee un número limitado de caracteres a la vez, así que ya no recibe tus deseos más antiguos. /context muestra cuántos.
note-unchanged = El modelo devolvió la misma imagen. Inténtalo otra vez, o dilo de otra manera.
note-only-resized = La imagen muestra lo mismo que antes; solo cambió su tamaño, de { $old } a { $new } píxeles. Si querías algo más, pídelo otra vez, quizá con otras palabras.

## El árbol en imágenes

tree =
    { $count ->
        [one] Una respuesta hasta ahora. El marco señala dónde estamos.
       *[other] { $count } respuestas hasta ahora. El marco señala dónde estamos; /go y un número te lleva allí.
    }
number-in-words = La número { $number } la respondí con palabras, así que no tiene imagen que comparar. /tree muestra cuáles la tienen.
no-such-number =
    { $count ->
        [0] Todavía no hay imágenes aquí. Envíame primero un deseo.
        [one] Por ahora solo existe el número 1. /go 1 te lleva allí.
       *[other] ¿Cuál? Los números van del 1 al { $count }: /tree los muestra, /go 2 te lleva al segundo.
    }
nothing-to-show = Todavía no hay nada que mostrar. Envíame primero un deseo.
nothing-to-compare = Esta imagen solo tiene un estado por ahora. Cámbiala primero y habrá algo que mostrar.
label-before = antes
label-after = después
compared = Antes y después. /compare original muestra el primer estado junto al actual.
compared-first = El primer estado y el actual.
timelapse =
    { $count ->
        [one] Un paso.
       *[other] Cómo nació, en { $count } pasos.
    }
context =
    Para tu próximo deseo, { $model } ve { $turns ->
        [0] { $pictures ->
            [0] cero imágenes anteriores
            [one] solo la imagen actual
           *[other] { $pictures } imágenes
        }
       *[other] { $turns ->
            [one] el último paso
           *[other] los últimos { $turns } pasos
        } y { $pictures ->
            [0] ninguna imagen
            [one] una imagen
           *[other] { $pictures } imágenes
        }
    }, { $megabytes } MB.
offline-engine = el motor sin conexión
context-first-sent = La primera foto del camino hasta esta imagen está siempre entre ellas.
context-first-painted = La primera imagen del camino hasta esta está siempre entre ellas.
context-told =
    { $count ->
        [one] De un paso más antiguo recibe solo el deseo, sin imágenes.
       *[other] De { $count } pasos más antiguos recibe solo los deseos, sin imágenes.
    }
context-unsaid =
    { $count ->
        [one] No recibe el deseo más antiguo: el modelo solo lee un número limitado de caracteres a la vez.
       *[other] No recibe los { $count } deseos más antiguos: el modelo solo lee un número limitado de caracteres a la vez.
    }
context-price = La última respuesta costó unos { $dollars } $.
context-empty = Nada todavía: tu próximo mensaje empieza una imagen nueva.
context-photo =
    { $count ->
        [1] Por ahora solo lo que se envió: una foto. Tu próximo mensaje dice qué hago con ella.
       *[other] Por ahora solo lo que se envió: { $count } fotos. Tu próximo mensaje dice qué hago con ellas.
    }

## Qué se guarda

save-how = Responde a una imagen con /save y un nombre de una sola palabra, como /save hat. Después podrás escribir @hat en tus deseos.
saved-as = Guardada. Nómbrala en un deseo para usarla, como en «pon @{ $name } en blanco y negro».
saved-current = He guardado la imagen actual. Aquí Telegram no me muestra a qué respondes, salvo que lo haya escrito yo. Escribe @{ $name } en un deseo y le mostraré la imagen al modelo.
reply-unseen = Aquí Telegram no me muestra a qué respondes, salvo que lo haya escrito yo. Hazme administrador de este grupo y lo veré.
saved-list = Guardadas aquí: { $names }. /drop y un nombre olvida una.
saved-none = Aquí ninguna imagen tiene nombre todavía. Responde a una con /save hat.
nothing-to-save = Aquí todavía no hay ninguna imagen a la que dar un nombre.
no-picture-there = En ese mensaje no hay ninguna imagen. Responde a una con /save y un nombre.
dropped = He olvidado @{ $name }. La imagen sigue ahí.
name-unknown = Aquí no hay ninguna imagen llamada @{ $name }. /saved las muestra todas.
exported =
    { $count ->
        [one] Un paso: imágenes, una página para leer (index.html) y contents.json para reproducirlo.
       *[other] { $count } pasos: imágenes, una página para leer (index.html) y contents.json para reproducirlos.
    }
exported-part = Parte { $number } de { $parts }: pasos { $first } a { $last }. Cada parte se abre por sí sola.
exported-replay = Parte { $number } de { $parts }: contents.json, para reproducirlo todo.
export-too-big = Esta conversación ocupa { $megabytes } MB, demasiado para enviarla aquí. El dueño puede guardarla en una carpeta: pentimento export { $chat } CARPETA
export-no-room = Ahora mismo no tengo espacio para preparar el archivo. Vuelve a escribir /export más tarde. El dueño puede guardar la conversación en una carpeta: pentimento export { $chat } CARPETA
forget-ask =
    ¿Qué borro para siempre? «Borrar esta conversación» abarca todo lo de este chat o tema, también lo anterior a /new.

    Borro lo que guardo. Lo que ves en este chat se queda hasta que lo borres en Telegram, y si respondes a ello, me lo devuelves.
forget-ask-group =
    ¿Qué borro para siempre? «Borrar esta conversación» abarca todo lo de este chat o tema, también lo anterior a /new. «Borrar todo lo mío» borra tu conversación privada conmigo y tus palabras e imágenes en los grupos; las respuestas en los grupos se quedan.

    Borro lo que guardo. Lo que ves en este chat se queda hasta que lo borres en Telegram, y si respondes a ello, me lo devuelves.
forget-sure = ¿Borro para siempre todo lo de aquí: { $turns ->
        [one] un deseo
       *[other] { $turns } deseos
    } y { $pictures ->
        [one] una imagen
       *[other] { $pictures } imágenes
    }?
forget-sure-person = ¿Borro para siempre tus palabras e imágenes en { $turns ->
        [one] un deseo
       *[other] { $turns } deseos
    }, { $pictures ->
        [one] una imagen
       *[other] { $pictures } imágenes
    } en total?
forget-expired = Esa pregunta tiene más de diez minutos, así que lo he dejado todo como está. /forget vuelve a preguntar.
forget-not-yours = Solo puede contestar quien recibió la pregunta. /forget vuelve a preguntar.
forget-painting = Todavía estoy pintando una imagen que compraste. Pulsa el botón otra vez cuando esté lista.
forget-painting-for-other = Estoy pintando con tus palabras una imagen que compró otra persona. Pulsa el botón otra vez cuando esté lista.
forget-admins-only = Solo los administradores de este grupo pueden borrar su conversación.
forget-kept = No se ha borrado nada.
forgotten = Borrado: { $turns } { $turns ->
        [one] deseo
       *[other] deseos
    } y { $pictures } { $pictures ->
        [one] imagen
       *[other] imágenes
    }.{ $shared ->
        [0] {""}
        [one] {" "}{ $shared } más también está en otro chat y se queda allí.
       *[other] {" "}{ $shared } más también están en otros chats y se quedan allí.
    }
forgotten-person = Borrado: tus palabras e imágenes en { $turns } { $turns ->
        [one] deseo
       *[other] deseos
    }, { $pictures } { $pictures ->
        [one] imagen
       *[other] imágenes
    } en total.{ $shared ->
        [0] {""}
        [one] {" "}{ $shared } más también está en otro chat y se queda allí.
       *[other] {" "}{ $shared } más también están en otros chats y se quedan allí.
    }
forgotten-later = Queda una cosa: otro programa tiene abierta la base de datos del bot, así que las palabras borradas siguen en el disco. Las quitaré en cuanto la suelte; no tienes que hacer nada.

## Ajustes y privacidad

settings = Ajustes de este chat
settings-offline = En este sandbox pinta el motor sin conexión, elijas el modelo que elijas. La elección solo cambia los formatos y los tamaños disponibles.
setting-ratio = Formato: { $value }
setting-size = Tamaño: { $value }
setting-effort = Esmero: { $value }
setting-words = Comentarios con la imagen: { $value }
setting-model = Modelo: { $value }
setting-language = Idioma: { $value }
setting-buttons = Botones: { $value }
setting-author = quien pidió
setting-anyone = cualquiera
setting-auto = automático
setting-on = sí
setting-off = no
effort-draft = borrador
effort-normal = normal
effort-careful = con cuidado
choose-unknown = Aquí no puedo elegir «{ $value }», así que nada ha cambiado.
choose-elsewhere = { $model } no ofrece esa opción. /model muestra otros modelos.
choose-ratio = ¿Qué formato deben tener las imágenes nuevas? Una imagen que cambias conserva el suyo. Para un solo deseo: /ratio 16:9 y después el deseo.
choose-size = ¿Qué tamaño deben tener las imágenes nuevas?
choose-effort = ¿Cuánto esmero debe poner { $model }? Un borrador es más rápido; con cuidado tarda más y sale mejor si hay mucho texto o detalle.
choose-effort-elsewhere = ¿Cuánto esmero debe poner el modelo? { $model } no ofrece esa opción; vale para los modelos que la ofrecen.
choose-model = ¿Qué modelo debe pintar?
own-server = Servidor propio
choose-maker = ¿De quién es el modelo que debe pintar? También puedes escribir /model y el nombre de un modelo.
choose-language = ¿En qué idioma hablo aquí?
choose-buttons = ¿Quién puede pulsar los botones bajo una respuesta en este grupo?
allow-in-groups = /allow es para grupos: allí los administradores eligen quién puede usarme.
allow-admins-only = Solo los administradores de este grupo deciden quién puede usarme.
allow-everybody = Todos en este grupo pueden usarme.
allow-admins = Solo los administradores de este grupo pueden usarme.
allow-people = Pueden usarme los administradores de este grupo y: { $names }.
allow-how = /allow everybody (todos), /allow admins (administradores), o responde con /allow al mensaje de alguien.
not-allowed-here = En este grupo solo algunas personas pueden usarme. Un administrador puede añadirte con /allow.
admins-unknown = Ahora mismo Telegram no me dice quiénes administran este grupo, así que no puedo comprobar si puedes hacer esto. Inténtalo otra vez dentro de unos minutos.
usage-none = Todavía no me has pedido nada.
usage-own =
    Hasta ahora, { $pictures ->
        [0] ninguna imagen
        [one] una imagen
       *[other] { $pictures } imágenes
    } de { $turns ->
        [one] un deseo
       *[other] { $turns } deseos
    }, unos { $dollars } $.
usage-offline =
    Hasta ahora, { $pictures ->
        [0] ninguna imagen
        [one] una imagen
       *[other] { $pictures } imágenes
    } de { $turns ->
        [one] un deseo
       *[other] { $turns } deseos
    }. En el sandbox todo es gratis.
usage-everybody = Todos:
usage-line = • { $name }: respondidos: { $turns }, con imagen: { $pictures }, unos { $dollars } $
usage-forgotten = Personas cuyos datos se borraron
usage-all-calls = Todas las llamadas juntas, también las rechazadas o detenidas que se pueden cobrar: unos { $dollars } $
privacy = Qué guardo: los mensajes que me envías con sus imágenes, mis respuestas y qué va con qué, para que puedas continuar desde cualquier imagen en cualquier momento. Se queda en el ordenador donde funciono hasta que lo borres con /forget o lo borre el dueño.
privacy-days = Después de { $days ->
        [one] un día
       *[other] { $days } días
    } lo borro yo mismo, salvo que tenga un nombre (/saved) o que hayas seguido a partir de ello más tarde.
privacy-room = Cuando mis imágenes ocupan más de { $gigabytes } GB, borro lo más antiguo, salvo que tenga un nombre (/saved) o que hayas seguido a partir de ello más tarde.
privacy-provider = Qué sale de ahí: cada deseo va a { $provider } con los deseos, respuestas e imágenes anteriores de esta conversación, sin los datos de lugar y cámara que llevan las fotos. En los grupos van también los nombres de pila.
privacy-own = Qué sale de ahí: cada deseo va a un servidor que lleva mi dueño, con los deseos, respuestas e imágenes anteriores de esta conversación, sin los datos de lugar y cámara que llevan las fotos. En los grupos van también los nombres de pila.
privacy-relay = { $provider } (a través de { $host })
privacy-relay-own = { $provider } (a través de un servidor que lleva mi dueño)
privacy-instead = Cuando no está disponible, lo mismo va a { $others } en su lugar.
privacy-instead-own = Cuando no está disponible, lo mismo va a un servidor que lleva mi dueño.
privacy-instead-both = Cuando no está disponible, lo mismo va a { $others } en su lugar, o a un servidor que lleva mi dueño.
privacy-offline = Qué sale de ahí: nada. Esto es el sandbox: las imágenes las hace un pequeño motor en este mismo ordenador, y todo es gratis.
privacy-uploads = Google guarda las imágenes grandes 48 horas y luego las borra por su cuenta; con /forget le pido que lo haga enseguida.
privacy-voice = Los mensajes de voz y de vídeo van a { $provider } para transcribirlos. Guardo sus palabras, no la grabación.
privacy-groups-meant = En los grupos solo veo las respuestas a mis mensajes y los comandos. Donde soy administrador veo todos los mensajes, pero solo guardo los que son para mí.
privacy-groups-all = En los grupos veo todos los mensajes, pero solo guardo los que son para mí.
privacy-here-meant = En este grupo solo veo las respuestas a mis mensajes y los comandos.
privacy-here-all = En este grupo veo todos los mensajes, pero solo guardo los que son para mí.
privacy-here-unknown = En este grupo quizá veo todos los mensajes, pero solo guardo los que son para mí.
privacy-here-admin = Como administrador de este grupo veo todos los mensajes, pero solo guardo los que son para mí.
privacy-elsewhere = En los chats donde no soy miembro solo veo un mensaje cuando me llama, y aquel al que responde. Tu deseo y mi respuesta los guardo igual que aquí. Lo que otros escribieron o enviaron lo uso solo para ese deseo. Durante un día guardo el nombre con el que Telegram entrega su imagen, para que funcione «Otra vez».
privacy-inline = Cuando escribes detrás de mi nombre en cualquier chat, veo lo que escribes. Solo guardo lo que me haces pintar.
privacy-staging = Donde no tengo un chat contigo, mi imagen pasa primero un momento por un chat de mi dueño.
privacy-guests = Donde mi dueño decide quién puede usarme, guardo el nombre y el número de quien lo pidió y, hasta entonces, su primer deseo. /forget borra el nombre. El número y la decisión se quedan, para que un bloqueo no termine con eso.
