# Lo que dice el bot sobre los límites: cuánto pueden usar las personas, los grupos y todos juntos al día y al mes.

## La última imagen

limit-last-person-day = Esta fue la última de hoy; { $renews }.
limit-last-person-month = Esta fue la última de este mes; { $renews }.
limit-last-group-day = Esta fue la última de hoy para este grupo; { $renews }.
limit-last-group-month = Esta fue la última de este mes para este grupo; { $renews }.
limit-last-total-day = Esta fue la última que puedo hacer hoy; { $renews }.
limit-last-total-month = Esta fue la última que puedo hacer este mes; { $renews }.
limit-more-day =
    { $count ->
        [one] una más a partir de la medianoche { $zone }, { $wait }
       *[other] { $count } más a partir de la medianoche { $zone }, { $wait }
    }
limit-more-month =
    { $count ->
        [one] una más a partir del día 1, { $wait }
       *[other] { $count } más a partir del día 1, { $wait }
    }
limit-anew-day = seguimos a partir de la medianoche { $zone }, { $wait }
limit-anew-month = seguimos a partir del día 1, { $wait }
limit-zone-city = en { $city }
limit-wait-days =
    { $count ->
        [one] dentro de un día
       *[other] dentro de { $count } días
    }
limit-wait-hours =
    { $count ->
        [one] dentro de una hora más o menos
       *[other] dentro de unas { $count } h
    }
limit-wait-minutes = dentro de { $count } min

## Un deseo para el que no hay sitio

limit-over-person-day = Tus imágenes de hoy se han acabado; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-over-person-month = Tus imágenes de este mes se han acabado; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-over-group-day = Las imágenes de hoy de este grupo se han acabado; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-over-group-month = Las imágenes de este mes de este grupo se han acabado; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-over-total-day = Ya hice todas las imágenes que puedo hacer hoy; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-over-total-month = Ya hice todas las imágenes que puedo hacer este mes; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-over-owner = El límite de todos se ha agotado: { $limits }; { $renews }. Para seguir antes, sube LIMIT_TOTAL en mi configuración y reiníciame. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-few-day =
    { $count ->
        [one] Para hoy solo queda una imagen; { $renews }. ¿La hago?
       *[other] Para hoy solo quedan { $count } imágenes; { $renews }. ¿Las hago?
    }
limit-few-month =
    { $count ->
        [one] Para este mes solo queda una imagen; { $renews }. ¿La hago?
       *[other] Para este mes solo quedan { $count } imágenes; { $renews }. ¿Las hago?
    }
limit-few-bought =
    Tus imágenes gratuitas se han acabado; { $renews }. { $count ->
        [one] Te queda una que compraste. ¿La uso?
       *[other] Te quedan { $count } que compraste. ¿Las uso?
    }
limit-few-bought-only =
    { $count ->
        [one] Te queda una imagen que compraste. ¿La uso?
       *[other] Te quedan { $count } imágenes que compraste. ¿Las uso?
    }
limit-few-mixed =
    Puedo hacer { $count }: { $free ->
        [one] una imagen gratuita
       *[other] { $free } imágenes gratuitas
    } y { $bought ->
        [one] una que compraste
       *[other] { $bought } que compraste
    }. ¿Las hago?
limit-none = Por ahora no tengo imágenes para dar aquí. Guardo tu deseo: pulsa «Intentar de nuevo» cuando mi dueño lo haya cambiado.
limit-none-sold = Aquí no hay imágenes gratuitas, pero las vendo. Guardo tu deseo: compra imágenes y luego pulsa «Intentar de nuevo».
limit-in-vain = Hoy he tomado muchas veces una imagen que compraste y la he devuelto porque no salió ninguna. Quizá mi dueño tenga que pagar esos intentos, así que hoy no tomo más; { $renews }. Guardo tu deseo: después pulsa «Intentar de nuevo».
limit-unheard = Las imágenes que puedo hacer aquí se han acabado por ahora; { $renews }. No lo he escuchado: envíalo otra vez después, por favor.
limit-unheard-none = Por ahora no tengo imágenes para dar aquí, así que no lo he escuchado.
button-make =
    { $count ->
        [one] Hacer una
       *[other] Hacer { $count }
    }

## Lo que queda

left-person-day = Te quedan hoy: { $left }
left-person-month = Te quedan este mes: { $left }
left-group-day = Le quedan hoy a este grupo: { $left }
left-group-month = Le quedan este mes a este grupo: { $left }
left-total-day = Quedan hoy para todos: { $left }
left-total-month = Quedan este mes para todos: { $left }
left-pictures =
    { $count ->
        [one] una imagen de { $most }
       *[other] { $count } imágenes de { $most }
    }
left-dollars = { $dollars } $ de { $most } $
left-renews = { $left }; { $renews }
left-anew-day = de nuevo a partir de la medianoche { $zone }, { $wait }
left-anew-month = de nuevo a partir del día 1, { $wait }

## Lo que alguien puede usar

granted-person = Aquí tienes { $limits }; /usage muestra lo que queda.
granted-group = Este grupo tiene { $limits }; /usage muestra lo que queda.
granted-none-sold = Aquí no hay imágenes gratuitas, pero las vendo: /buy.
granted-pictures-day =
    { $count ->
        [one] una imagen al día
       *[other] { $count } imágenes al día
    }
granted-pictures-month =
    { $count ->
        [one] una imagen al mes
       *[other] { $count } imágenes al mes
    }
granted-dollars-day = { $dollars } $ al día
granted-dollars-month = { $dollars } $ al mes

## El comando

limit-in-groups = /limit es para grupos: allí los administradores eligen cuántas imágenes puede tener el grupo.
limit-here = Los administradores de este grupo eligieron este límite: { $limits }.
limit-here-none = Los administradores de este grupo no eligieron ningún límite.
limit-here-owner = Mi dueño permite a este grupo { $limits }; el límite de sus administradores solo puede ser más bajo.
limit-here-how = Los administradores lo cambian así: /limit 10/day (al día) o 100/month (al mes). /limit none lo quita.
limit-admins-only = Solo los administradores de este grupo eligen su límite.
limit-unreadable = No entiendo ese límite. Escríbelo así: 20/day (al día) o $10/month (al mes), ambos con una coma en medio, o none (ninguno).
limit-owner-how = Escribe el número de una persona o de un grupo y un límite: /limit 12345 50/day o $10/month, o ambos con una coma en medio. Para una persona también puedes responder con /limit 50/day a un mensaje suyo que me hayas reenviado. Con none no hay límite, con default vuelve a valer el de la configuración.
limit-of-one = El límite de { $who } es { $limits }.
limit-of-one-none = { $who } no tiene límite.
limit-of-one-default = { $who }: { $limits }, como en la configuración.
limit-of-one-default-none = { $who }: sin límite, como en la configuración.
limit-zero = 0 no es el número de nadie. Lo que pueden usar todos juntos es LIMIT_TOTAL en la configuración.

## Al dueño

owner-limit-80 = ⚠ Se ha usado el 80 % del límite de todos: { $limits }.
owner-limit-100 = ⚠ El límite de todos se ha agotado: { $limits }. LIMIT_TOTAL lo fija.
