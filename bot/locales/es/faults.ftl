# Lo que dice el bot cuando algo falla por su lado, y lo que le dice a su dueño.

undelivered = Tu respuesta está lista, pero Telegram no la aceptó.
store-stuck = Ahora mismo no puedo guardar nada, así que tu deseo espera. Seguirá por sí solo en cuanto pueda.
store-away = Ahora mismo no puedo guardar nada, así que lo que has enviado espera. Responderé por mi cuenta en cuanto pueda.
owner-knows = Mi dueño ya lo sabe.
owner-unset = Avisa, por favor, a quien administra este bot.
outcome-unknown = No sé si esto te llegó. Si no lo ves arriba, pídemelo otra vez.
came-late =
    { $count ->
        [one] Esta imagen llegó cuando ya había empezado con las demás. ¿Lo hago otra vez con ella? Si no, tu próximo mensaje puede usarla.
       *[other] Estas { $count } imágenes llegaron cuando ya había empezado con las demás. ¿Lo hago otra vez con ellas? Si no, tu próximo mensaje puede usarlas.
    }
button-join =
    { $count ->
        [one] Otra vez, con ella
       *[other] Otra vez, con ellas
    }

## Al dueño

owner-storage-locked = ⚠ Otro programa tiene bloqueada la base de datos. Ciérralo y sigo yo solo. ({ $detail })
owner-storage-deadlock = ⚠ Dos transacciones se esperaban una a la otra y una se deshizo. La repito yo solo. ({ $detail })
owner-storage-crowded = ⚠ Todas las conexiones con la base de datos están ocupadas. Si sigue así, sube DATABASE_POOL_SIZE. ({ $detail })
owner-storage-damaged = ⚠ La base de datos está dañada. Detenme, mira con mi comando «pentimento check» y restaura una copia de seguridad. ({ $detail })
owner-storage-unreachable = ⚠ Lo que guardo no se puede leer o escribir. Revisa el disco, sus permisos y la conexión. ({ $detail })
owner-storage-refused = ⚠ El almacén de objetos me rechaza. Revisa MEDIA_URL, su bucket y sus claves y permisos. ({ $detail })
owner-storage-swept = ⚠ Se borró una imagen mientras alguien la enviaba de nuevo. La guardo otra vez yo solo. ({ $detail })
owner-storage-full = ⚠ El disco está lleno y no puedo guardar nada. Libera espacio, por favor; después sigo yo mismo. ({ $detail })
owner-aside = ⚠ He apartado el mensaje { $update }; motivo: { $why }. Su texto sigue en mi bandeja de entrada para que lo veas.
owner-undelivered = ⚠ No se pudo enviar la respuesta del turno { $turn } ({ $why }). Está guardada.
owner-turn = ⚠ El turno { $turn } falló. El motivo: { $reason }. ({ $why })
owner-turn-other = ⚠ El turno { $turn } falló. ({ $why })
owner-advice-account = Tras un pago allí, el próximo deseo funciona sin reiniciarme. Una clave nueva va en la configuración del bot, y después hay que reiniciarme. «pentimento check --accounts» dice si funciona.
owner-more =
    { $count ->
        [one] Desde mi último mensaje sobre esto ha pasado lo mismo una vez más.
       *[other] Desde mi último mensaje sobre esto ha pasado lo mismo { $count } veces más.
    }
owner-outage-provider = ⚠ { $provider } no puede responder en este momento: { $why }. Mientras tanto responden otros, donde pueden. Se vuelve a probar de vez en cuando.
owner-outage-model = ⚠ { $provider } no puede responder con { $model } en este momento: { $why }. Mientras tanto responden otros, donde pueden. Se vuelve a probar de vez en cuando.
owner-outage-key = ⚠ La clave { $number } de { $count } para { $provider } no se puede usar en este momento: { $why }. Mientras tanto responden otros. Se vuelve a probar de vez en cuando.
owner-listening = ⚠ { $model } (LISTEN_MODEL) no escucha mensajes de voz: { $why }
owner-model-replaced = ⚠ { $provider } ya no ofrece { $old } a esta clave. Desde ahora pinta { $new } en su lugar. Para elegir otro, cambia el modelo en la configuración del bot. Si es un error, /model { $old } vuelve a probarlo, para todos.
owner-model-ends = ⚠ { $provider } retira el modelo { $model } el { $day } ({ $days ->
        [0] ahora
        [one] en un día
       *[other] en { $days } días
    }). No conozco ningún sucesor: elige otro modelo en la configuración del bot.
owner-model-ends-followed = ⚠ { $provider } retira el modelo { $model } el { $day } ({ $days ->
        [0] ahora
        [one] en un día
       *[other] en { $days } días
    }). Entonces { $after } ocupa su lugar por sí solo, salvo que antes elijas otro.
owner-disk = ⚠ En el disco donde guardo todo solo quedan { $megabytes } MB libres. Cuando esté lleno, no podré guardar nada más. Libera espacio, por favor; con KEEP_DAYS o KEEP_GB borro lo antiguo yo mismo.
owner-clock = ⚠ El reloj de mi máquina marca { $here } (UTC), pero en Telegram son { $there }. Hasta que esté bien, no borro nada antiguo. Pon el reloj en hora, por favor.
owner-week = 📊 Los últimos 7 días: { $pictures ->
        [one] una imagen
       *[other] { $pictures } imágenes
    } para { $people ->
        [one] una persona
       *[other] { $people } personas
    }, unos { $dollars } $.
owner-week-quiet = 📊 Los últimos 7 días: nadie me ha pedido nada.
owner-week-unpriced =
    { $count ->
        [one] No se conoce el precio de una respuesta.
       *[other] No se conoce el precio de { $count } respuestas.
    }
owner-week-failed =
    { $count ->
        [one] { $turns ->
            [1] Falló el único deseo: { $why }.
           *[other] Falló uno de { $turns } deseos: { $why }.
        }
       *[other] Fallaron { $count } de { $turns } deseos, casi siempre por este motivo: { $why } ({ $most }×).
    }
owner-why-refused = el proveedor rechazó el deseo
owner-why-no-picture = no llegó ninguna imagen
owner-why-account = la clave, el saldo o la cuota en el proveedor
owner-why-busy = el proveedor estaba saturado
owner-why-trouble = falló el proveedor o la conexión con él
owner-why-request = el modelo no aceptó la petición
owner-why-limit = se agotó un límite
owner-why-interrupted = el bot fue interrumpido
owner-why-other = otra cosa
owner-week-backup = Última copia de seguridad: { $days ->
        [0] hoy
        [one] ayer
       *[other] hace { $days } días
    }.
owner-week-backup-short = ⚠ Última copia de seguridad: { $days ->
        [0] hoy
        [one] ayer
       *[other] hace { $days } días
    }, pero le faltan imágenes. pentimento check dice cuáles.
owner-week-no-backup = ⚠ No sé de ninguna copia de seguridad. pentimento backup CARPETA hace una mientras funciono.
owner-week-disk = Disco: { $percent } % lleno, { $gigabytes } GB libres.
