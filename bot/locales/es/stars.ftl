# Lo que el bot dice sobre comprar imágenes con estrellas de Telegram.

## Comprar

buy = Imágenes para cuando se te acaben las gratuitas. No caducan nunca, y puedes usarlas aquí y en grupos.
buy-in-private = Escríbeme /{ $name } en privado: @{ $username }.
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
usage-credit =
    { $count ->
        [one] Te queda de lo que compraste: una imagen
       *[other] Te queda de lo que compraste: { $count } imágenes
    }
limit-credit =
    { $count ->
        [0] Pagada con tus imágenes; era la última. Con /buy consigues más.
        [one] Pagada con tus imágenes; te queda una.
       *[other] Pagada con tus imágenes; te quedan { $count }.
    }
checkout-gone = Esto ya no lo vendo. No se ha cobrado nada; /buy muestra lo que vendo ahora.
checkout-later = Ahora mismo no puedo aceptar pagos. No se ha cobrado nada; inténtalo de nuevo en un minuto.
checkout-blocked = Mi responsable te ha bloqueado, así que no te vendo nada. No se ha cobrado nada.
checkout-unserved = No trabajo para ti, así que no te vendo nada. No se ha cobrado nada.

## Condiciones y preguntas

terms =
    Compras imágenes que hago yo y pagas con estrellas de Telegram. Cada respuesta con imagen gasta una cuando se te acaban las gratuitas. Si no llega ninguna imagen, se te devuelve. Las imágenes compradas no caducan nunca.
    Mi responsable puede devolver un pago; entonces se retira lo que no se haya gastado de él. Las preguntas van a /paysupport. El soporte de Telegram no ayuda con lo que me compras.
paysupport = Si tienes preguntas sobre un pago, escríbelas detrás de la orden, como en /paysupport He pagado, pero no ha llegado nada. Se las paso a mi responsable.
paysupport-sent = He pasado tu pregunta a mi responsable.
paysupport-enough = Hoy ya he pasado varias preguntas tuyas a mi responsable, y las tiene todas. Espera la respuesta, por favor, o vuelve a escribir mañana.
payment-line = { $day }: { $pictures } 🖼 por ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 por ⭐ { $stars }, devuelto, { $charge }

## Devoluciones

refund-how = Escribe detrás el número del pago: /refund y los caracteres que muestra /paysupport.
refund-unknown = No existe ese pago.
refund-already = ⭐ { $stars } ya se devolvieron a { $id }. Se retiraron entonces: { $pictures } 🖼; gastadas antes: { $spent }.
refunded = ⭐ { $stars } se devuelven a { $id }. Se retiran: { $pictures } 🖼; gastadas antes: { $spent }.
refund-refused = Telegram no devuelve estas estrellas: { $why }.
refund-noted = Se te han devuelto ⭐ { $stars }. He retirado lo que quedaba de ese pago: { $pictures } 🖼.

## Para quien lleva el bot

owner-payment-strange = ⚠ { $id } ha pagado por algo que no vendo. Mira el pago { $charge }; /refund no lo conoce.
owner-refund-unknown = ⚠ El pago { $charge } se ha devuelto, pero no sé nada de él. Si sus imágenes se añaden más tarde, /refund { $charge } las retira.
owner-refunded = ⭐ { $stars } se devolvieron a { $id } sin mí. Se retiran: { $pictures } 🖼; gastadas antes: { $spent }.
owner-paysupport =
    { $name } ({ $id }) pregunta por un pago: «{ $question }»
    { $payments }
