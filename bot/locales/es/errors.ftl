# Frases para turnos fallidos. Las claves son las de las clases de bot/providers/errors.py.

cannot-edit = { $model } solo pinta a partir de palabras y no puede cambiar una imagen. Elige otro modelo y envía tu deseo otra vez.
too-many-pictures = { $model } acepta como máximo { $limit ->
    [one] una imagen
   *[other] { $limit } imágenes
} a la vez, y aquí hay { $count }. Envía menos o elige otro modelo.
ratio-unsupported = { $model } no puede hacer el formato { $wanted }. Ofrece: { $known }. Cambia el formato en /settings o elige otro modelo.
size-unsupported = { $model } no puede hacer el tamaño { $wanted }. Ofrece: { $known }. Cambia el tamaño en /settings o elige otro modelo.
picture-type-unsupported = { $model } no lee archivos { $type }. Envía la imagen como JPEG o PNG.
words-missing = Di con palabras en qué debe convertirse la imagen.

refused-prompt = La petición fue bloqueada antes de dibujar nada. Cambia las palabras o las imágenes.
refused-prompt-explained = La petición fue bloqueada antes de dibujar nada. Cambia las palabras o las imágenes. El proveedor dice: { $explanation }
refused-picture-prompt = El filtro de seguridad bloqueó la petición por sus palabras o por una imagen adjunta. Cambia una de las dos cosas.
refused-picture-prompt-explained = El filtro de seguridad bloqueó la petición por sus palabras o por una imagen adjunta. Cambia una de las dos cosas. El proveedor dice: { $explanation }
refused-safety = El filtro de seguridad detuvo esta respuesta. Formula la petición de otra manera.
refused-safety-explained = El filtro de seguridad detuvo esta respuesta ({ $explanation }). Formula la petición de otra manera.
refused-picture = La imagen se hizo, pero el filtro de seguridad la retuvo. Inténtalo otra vez o formula la petición de otra manera.
refused-picture-explained = La imagen se hizo, pero el filtro de seguridad la retuvo. Inténtalo otra vez o formula la petición de otra manera. El proveedor dice: { $explanation }
refused-prohibited = El proveedor rechazó esta imagen por sus normas de contenido. Pide otra cosa.
refused-prohibited-explained = El proveedor rechazó esta imagen por sus normas de contenido. Su explicación: { $explanation }
refused-recitation = El resultado se parecía demasiado a una obra existente. Pide algo más original.
refused-recitation-explained = El resultado se parecía demasiado a una obra existente. Pide algo más original. El proveedor dice: { $explanation }
refused-language = El modelo no funciona en este idioma. Prueba el mismo deseo en inglés.
refused-language-explained = El modelo no funciona en este idioma. Prueba el mismo deseo en inglés. El proveedor dice: { $explanation }
refused-privacy = Parece que la petición contiene datos personales, que el proveedor no procesa. Quítalos e inténtalo otra vez.
refused-privacy-explained = Parece que la petición contiene datos personales, que el proveedor no procesa. Quítalos e inténtalo otra vez. El proveedor dice: { $explanation }
refused-moderation = La moderación rechazó la petición. Formúlala de otra manera.
refused-moderation-explained = La moderación rechazó la petición ({ $explanation }). Formúlala de otra manera.
refused-other = El proveedor rechazó esta petición sin dar motivo. Inténtalo otra vez o formúlala de otra manera.
refused-other-explained = El proveedor rechazó esta petición. Su explicación: { $explanation }

nothing-returned = El modelo no devolvió nada. Lo intenté otra vez; si se repite, formula la petición de otra manera.
nothing-drawn = El modelo no dibujó nada para esta petición. Di con claridad qué debe mostrar la imagen.
could-not-draw = El proveedor no pudo hacer esta imagen. Lo intenté otra vez; formúlala de otra manera o prueba más tarde.
could-not-draw-explained = El proveedor no pudo hacer esta imagen. Su explicación: { $explanation }
cut-short = La respuesta se cortó antes de que apareciera una imagen. Acorta la petición o empieza una conversación nueva.
malformed-answer = El modelo dio una respuesta ilegible, dos veces. Formula la petición de otra manera o prueba más tarde.
unknown-finish = El modelo se detuvo sin imagen, por el motivo «{ $reason }». Formula la petición de otra manera o inténtalo otra vez.
unknown-finish-explained = El modelo se detuvo sin imagen, por el motivo «{ $reason }». Su explicación: { $explanation }

signature-missing = La conversación guardada no pudo continuar tal como está. Empieza una nueva o responde a la imagen que quieras cambiar.

rejected = El proveedor rechazó la petición. Puede que otro modelo la acepte.
rejected-explained = El proveedor rechazó la petición: { $explanation }
unknown-field = El proveedor no conoce uno de los ajustes ({ $field }). Cámbialo en /settings o elige otro modelo.
one-picture-only = Este modelo hace una imagen por petición. Pide una, o usa «Otra vez» para más.
picture-unusable = El proveedor no puede procesar una de las imágenes. Envíala otra vez como JPEG o PNG, o déjala fuera.
picture-unreadable = Una imagen de esta conversación ya no se puede leer aquí. Empieza una conversación nueva y envía la imagen otra vez.
wrong-address = Este bot no está bien conectado con el proveedor.

key-invalid = La clave de API de este bot no es válida.
key-disabled = El proveedor desactivó la clave de API de este bot.
account-restricted = El proveedor ha restringido la cuenta de este bot.
not-permitted = La clave de API de este bot no puede usar este modelo.
not-permitted-explained = La clave de API de este bot no puede usar este modelo. El proveedor dice: { $explanation }
region-blocked = El proveedor no da servicio en el lugar donde funciona este bot.
balance-empty = El saldo de este bot con el proveedor se ha agotado.
model-unavailable = El modelo { $model } ya no se ofrece. Elige otro con /model.

rate-limited = Hay demasiadas peticiones en este momento. Inténtalo otra vez en { $seconds ->
    [one] un segundo
   *[other] { $seconds } segundos
}.
daily-quota = La cuota diaria de este modelo se ha agotado. Se renueva a medianoche, hora del Pacífico; otro modelo puede funcionar ya.
no-paid-access = La clave de este bot no tiene acceso de pago a este modelo. Puede que otro modelo funcione.
model-overloaded = El modelo está sobrecargado. Lo intenté varias veces; prueba dentro de unos minutos o elige otro modelo.
queue-full = Ahora mismo mucha gente espera a este bot. Inténtalo otra vez dentro de unos minutos.
internal-error = El proveedor tuvo un error interno cada vez que lo intenté. Prueba más tarde o elige otro modelo.
gateway-error = No se puede contactar con el proveedor en este momento. Inténtalo otra vez dentro de unos minutos.
no-channel = El intermediario no tiene un canal libre para este modelo. Prueba más tarde o elige otro modelo.
connection-failed = No se pudo conectar con el proveedor. Inténtalo otra vez dentro de unos minutos.
upload-failed = No se pudo subir la imagen al proveedor, así que no se pintó nada. Inténtalo otra vez dentro de unos minutos.
upload-failed-explained = No se pudo subir la imagen al proveedor, así que no se pintó nada. Su explicación: { $explanation }

deadline-passed = El proveedor tardó demasiado, dos veces. Inténtalo otra vez, quizá con un deseo más sencillo.
cancelled-upstream = La petición se cortó en el proveedor, dos veces. Inténtalo otra vez.
cut-off = No llegó respuesta a tiempo. Puede que ya esté pagada, así que no la repetí por mi cuenta. ¿Lo intento otra vez?
answer-lost = La conexión con el proveedor se cortó antes de que llegara la respuesta. Puede que ya esté pagada, así que no la repetí por mi cuenta. ¿Lo intento otra vez?

empty-body = El proveedor envió una respuesta vacía, dos veces. Prueba más tarde.
damaged-body = La respuesta llegó dañada, dos veces. Inténtalo otra vez.
damaged-picture = El proveedor envió una imagen dañada, dos veces. Inténtalo otra vez.
answer-not-a-picture = El proveedor envió algo que no es una imagen, dos veces. Inténtalo otra vez.
connection-lost = La conexión con el proveedor se cortó, dos veces. Inténtalo otra vez.
link-failed = La imagen se hizo, pero no pude descargarla del proveedor. Inténtalo otra vez.
link-refused = La imagen se hizo, pero está en una dirección que este bot no abre.

request-too-large = Esta conversación tiene demasiadas imágenes, o son demasiado grandes. Envía menos o empieza una conversación nueva.
prompt-too-long = Son más palabras de las que el proveedor admite a la vez. Dilo con menos.
answer-too-large = La imagen es demasiado grande (más de { $limit } MB). Elige un tamaño menor.
picture-too-large = La imagen tiene más píxeles de los que este bot puede manejar. Elige un tamaño menor.

# Lo que el bot cambió por su cuenta antes de recibir la respuesta.
remedy-degrade-history = La conversación guardada no pudo continuar tal como estaba; seguí solo desde la última imagen.
remedy-trim-history = Era más de lo que el proveedor acepta de una vez; de los pasos más antiguos envié solo las palabras.
remedy-without-field = El proveedor no conoce uno de los ajustes; lo intenté sin él.
remedy-with-text = El modelo no había dibujado nada, así que le dejé responder también con palabras.

# Se muestra con cuenta atrás mientras un intento espera a repetirse.
waiting-rate-limited = Demasiadas peticiones; lo intentaré otra vez en { $seconds } s.
waiting-overloaded = El modelo está sobrecargado; lo intentaré otra vez en { $seconds } s.
waiting-trouble = El proveedor tuvo un problema; lo intentaré otra vez en { $seconds } s.
