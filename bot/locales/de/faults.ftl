# Was der Bot sagt, wenn auf seiner Seite etwas schiefging, und was sein Besitzer davon hört.

undelivered = Deine Antwort ist fertig, aber Telegram hat sie nicht angenommen.
owner-knows = Mein Besitzer weiß Bescheid.
owner-unset = Sag bitte dem Betreiber dieses Bots Bescheid.
outcome-unknown = Ich bin nicht sicher, ob das bei dir angekommen ist. Wenn du es oben nicht siehst, bitte mich noch einmal darum.
came-late =
    { $count ->
        [one] Dieses Bild kam, als ich mit den anderen schon angefangen hatte. Soll ich alles noch einmal machen, mit diesem Bild dazu? Sonst kann deine nächste Nachricht es nehmen.
       *[other] Diese { $count } Bilder kamen, als ich mit den anderen schon angefangen hatte. Soll ich alles noch einmal machen, mit diesen Bildern dazu? Sonst kann deine nächste Nachricht sie nehmen.
    }
button-join =
    { $count ->
        [one] Noch einmal, mit dem Bild
       *[other] Noch einmal, mit den Bildern
    }

## An den Besitzer

owner-storage = ⚠ { $fault }
owner-aside = ⚠ Nachricht { $update } ist beiseitegelegt; Grund: { $why }. Ihr Text bleibt in meinem Eingang, du kannst ihn dort ansehen.
owner-undelivered = ⚠ Die Antwort der Runde { $turn } ließ sich nicht senden ({ $why }). Sie ist gespeichert.
owner-turn = ⚠ Runde { $turn }, { $why }
owner-listening = ⚠ { $model } (LISTEN_MODEL) hört keine Sprachnachrichten: { $why }
owner-model-replaced = ⚠ { $provider } bietet { $old } für diesen Schlüssel nicht mehr an. Ab jetzt malt { $new } an seiner Stelle. Für ein anderes ändere das Modell in den Einstellungen des Bots. Falls das nicht stimmt, versucht es /model { $old } noch einmal, für alle.
owner-model-ends = ⚠ { $provider } stellt das Modell { $model } am { $day } ein ({ $days ->
        [0] jetzt
        [one] in einem Tag
       *[other] in { $days } Tagen
    }). Ich kenne keinen Nachfolger: Wähle in den Einstellungen des Bots ein anderes Modell.
owner-model-ends-followed = ⚠ { $provider } stellt das Modell { $model } am { $day } ein ({ $days ->
        [0] jetzt
        [one] in einem Tag
       *[other] in { $days } Tagen
    }). Dann tritt von selbst { $after } an seine Stelle, wenn du nicht vorher ein anderes wählst.
