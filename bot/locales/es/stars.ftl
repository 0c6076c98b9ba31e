# Lo que el bot dice sobre comprar imágenes con estrellas de Telegram.

## Comprar

buy = Imágenes para cuando se te acaben las gratuitas. No caducan nunca, y puedes usarlas aquí y en grupos.
buy-in-private = Escríbeme /{ $name } en privado: https://t.me/{ $username }?start={ $name }
button-buy = ⭐ Comprar imágenes
pack =
    { $count ->
        [one] Una imagen por ⭐ { $stars }
       *[other] { $count } imágenes por ⭐ { $stars }
    }
invoice-title =
    { $count ->
        [one] Una imagen
       *[other] { $count } imágenes
    }
invoice-description =
    { $count ->
        [one] Una imagen que hago para ti cuando se te acaben las gratuitas. No caduca nunca.
       *[other] { $count } imágenes que hago para ti cuando se te acaben las gratuitas. No caducan nunca.
    }
paid =
    { $count ->
        [one] ¡Gracias! Tienes una imagen más. /usage muestra cuántas tienes.
       *[other] ¡Gracias! Tienes { $count } imágenes más. /usage muestra cuántas tienes.
    }
paid-kept =
    { $thanks }
    Todavía guardo tu deseo «{ $wish }».
paid-kept-unnamed =
    { $thanks }
    Todavía guardo tu deseo.
usage-credit =
    { $count ->
        [one] Te queda de lo que compraste: una imagen
       *[other] Te queda de lo que compraste: { $count } imágenes
    }
forget-bought =
    { $count ->
        [one] La imagen que compraste sigue siendo tuya.
       *[other] Las { $count } imágenes que compraste siguen siendo tuyas.
    }
limit-credit =
    { $count ->
        [0] Pagada con tus imágenes; era la última.
        [one] Pagada con tus imágenes; te queda una.
       *[other] Pagada con tus imágenes; te quedan { $count }.
    }
limit-credit-partly =
    { $paid ->
        [one] Se acabaron las gratuitas, así que una de estas se pagó con tus imágenes
       *[other] Se acabaron las gratuitas, así que { $paid } de estas se pagaron con tus imágenes
    }{ $count ->
        [0] ; era la última.
        [one] ; te queda una.
       *[other] ; te quedan { $count }.
    }
limit-credit-more = Con /buy consigues más.
limit-credit-next =
    { $count ->
        [one] Para la próxima uso la imagen que compraste.
       *[other] A partir de ahora uso las { $count } imágenes que compraste.
    }
not-stopped = Esta se paga con una imagen que compraste, y ya la estoy pintando. De esas solo detengo tres al día, así que termino esta.
checkout-gone = Esto ya no lo vendo. No se ha cobrado nada; /buy muestra lo que vendo ahora.
checkout-over = Ya no vendo imágenes. No se ha cobrado nada.
checkout-later = Ahora mismo no puedo aceptar pagos. No se ha cobrado nada; inténtalo de nuevo en un minuto.
checkout-blocked = Mi dueño te ha bloqueado, así que no te vendo nada. No se ha cobrado nada.
checkout-unserved = No trabajo para ti, así que no te vendo nada. No se ha cobrado nada.

## Condiciones y preguntas

terms =
    Compras imágenes que hago yo y pagas con estrellas de Telegram. Cuatro versiones son cuatro imágenes. Cada respuesta con imagen gasta una cuando se te acaban las gratuitas. Si no llega ninguna imagen, se te devuelve; si esos intentos cuestan en un día tanto como diez imágenes, vuelvo a usar las compradas al día siguiente. Las imágenes compradas no caducan nunca.
    Mi dueño puede devolver un pago; entonces se retira lo que no se haya gastado de él. Las preguntas van a /paysupport. El soporte de Telegram no ayuda con lo que me compras.
paysupport = Si tienes preguntas sobre un pago, escríbelas detrás de la orden, como en /paysupport He pagado, pero no ha llegado nada. Se las paso a mi dueño.
paysupport-sent = He pasado tu pregunta a mi dueño.
paysupport-enough = Hoy ya he pasado varias preguntas tuyas a mi dueño, y las tiene todas. Espera la respuesta, por favor, o vuelve a escribir mañana.
payment-line = { $day }: { $pictures } 🖼 por ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 por ⭐ { $stars }, devuelto, { $charge }
answer-how = Responde a mi mensaje con la pregunta, y paso tu respuesta.
answer-of-owner = Mi dueño responde a tu pregunta sobre un pago:
answer-sent = Ya la he pasado.
answer-edited = He pasado lo que escribiste primero y ya no puedo cambiarlo. Responde otra vez a la pregunta para añadir algo.
answer-failed = No he podido pasarla: { $why }.
button-answer = Responder
give-back = Devolver ⭐ { $stars }, { $at }
button-give-back-surely = ⭐ Devolver
button-give-back-not = Dejarlo así
refund-ask = ¿Devuelvo ⭐ { $stars } a { $name } ({ $id })? Fue por { $pictures } 🖼 el { $at }. De las imágenes que le quedan retiro { $count } 🖼.
refund-not = No se ha devuelto nada.

## Devoluciones

refund-how = Escribe detrás el número del pago: /refund y los caracteres que muestra /paysupport.
refund-unknown = No existe ese pago.
refund-already = ⭐ { $stars } ya se devolvieron a { $name } ({ $id }). Se retiraron entonces: { $pictures } 🖼; le queda de todo lo que compró: { $count } 🖼.
refunded = ⭐ { $stars } se devuelven a { $name } ({ $id }). Se retiran: { $pictures } 🖼; le queda de todo lo que compró: { $count } 🖼.
refund-refused = Telegram no devuelve estas estrellas: { $why }.
refund-noted = Se te han devuelto ⭐ { $stars }. He retirado { $pictures } 🖼 de lo que compraste; te queda: { $count } 🖼.

## Para quien lleva el bot

owner-payment-strange = ⚠ { $id } ha pagado por algo que no vendo. Mira el pago { $charge }; /refund no lo conoce.
owner-refund-unknown = ⚠ El pago { $charge } se ha devuelto, pero no sé nada de él. Si sus imágenes se añaden más tarde, /refund { $charge } las retira.
owner-refunded = ⭐ { $stars } se devolvieron a { $id } sin mí. Se retiran: { $pictures } 🖼; le queda de todo lo que compró: { $count } 🖼.
owner-paysupport =
    { $name } ({ $id }) pregunta por un pago: «{ $question }»
    { $payments }
