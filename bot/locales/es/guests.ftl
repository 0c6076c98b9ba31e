# What the bot says to guests about whom an owner decides, and to owners about guests.

## Guests, about whom an owner decides

guest-asked = Mi dueño decide para quién pinto, y ya le he preguntado. Si quieres, envíame ya tu primer deseo: lo guardo hasta entonces.
guest-kept = Mi dueño decide para quién pinto, y ya le he preguntado. Guardo tu deseo y empiezo en cuanto te admita.
guest-kept-group = Mi dueño decide en qué grupos trabajo, y ya le he preguntado. Guardo tu deseo y empiezo en cuanto admita a este grupo.
guest-waits = Mi dueño aún no ha decidido. Solo guardo tu primer deseo; envía lo demás cuando te admita, por favor.
guest-waits-group = Mi dueño aún no ha decidido. Solo guardo el primer deseo de este grupo; envíen lo demás cuando admita al grupo, por favor.
guest-asked-group = ¡Hola! Mi dueño decide en qué grupos trabajo, y ya le he preguntado. Guardo el primer deseo de ustedes hasta entonces.
guest-admitted = Mi dueño te ha admitido. ¿Qué pinto?
guest-admitted-wish = Mi dueño te ha admitido, y empiezo con tu deseo.
guest-admitted-group = Mi dueño ha admitido a este grupo. Respóndanme con un deseo.
guest-refused = Mi dueño ha decidido que no, así que no pinto para ti. Tu deseo está borrado.
guest-blocked = Mi dueño te ha bloqueado, así que ya no te respondo.
guest-blocked-paid = Mi dueño te ha bloqueado, así que ya no pinto para ti. Para preguntas sobre un pago sigue estando /paysupport, y /forget borra lo que guardo de ti.

## For owners

owner-guest = { $name } ({ $id }) quiere usarme.
owner-guest-wish = { $name } ({ $id }) quiere usarme y empieza con: «{ $wish }»
owner-guest-group = El grupo «{ $name }» ({ $id }) quiere usarme. Lo pide { $person }.
decision-admitted = ✓ { $name } ({ $id }): admitido por { $by }.
decision-refused = ✗ { $name } ({ $id }): rechazado por { $by }.
decision-blocked = 🚫 { $name } ({ $id }): bloqueado por { $by }.
stranger-admitted = No conozco ningún nombre para { $id }. ✓ Admitido de todos modos por { $by }.
stranger-blocked = No conozco ningún nombre para { $id }. 🚫 Bloqueado de todos modos por { $by }.
guest-named = { $name } ({ $id })
guest-is-owner = Es uno de mis dueños. A los dueños los atiendo siempre y no se les puede bloquear.
guest-not-blocked = { $name } ({ $id }) no está bloqueado.
blocked-with-credit =
    { $count ->
        [one] A { $name } le queda una imagen comprada.
       *[other] A { $name } le quedan { $count } imágenes compradas.
    } Para devolver un pago:
    { $ways }
guest-hidden = Telegram oculta el número de quien escribió eso. Elige a la persona en /people o envíame el número.
guest-how = Envía /{ $name } y un número, o responde así a un mensaje de esa persona que me hayas reenviado. En /people hay un botón para cada uno.
people = Quién me usa, primero los más recientes:
people-none = Aquí no hay nadie.
people-line =
    { $number }. { $name } ({ $id }){ $mark }
    hoy { $today }, este mes { $month }
people-spent = { $pictures } 🖼 { $dollars } $
people-asked = ⏳ espera tu decisión
people-admitted = ✓ admitido
people-refused = ✗ rechazado
people-blocked = 🚫 bloqueado
people-limit = límite { $limits }
people-bought = ⭐ { $stars } pagadas, quedan { $count } 🖼
people-sold = En total: ⭐ { $stars } pagadas y no devueltas; { $count } 🖼 aún sin usar.
