# Was der Bot sagt, wenn auf seiner Seite etwas schiefging, und was sein Besitzer davon hört.

undelivered = Deine Antwort ist fertig, aber Telegram hat sie nicht angenommen.
store-stuck = Ich kann gerade nichts speichern, darum wartet dein Wunsch. Es geht von selbst weiter, sobald ich kann.
store-away = Ich kann gerade nichts speichern, darum wartet, was du geschickt hast. Ich antworte von selbst, sobald ich kann.
owner-knows = Mein Besitzer weiß Bescheid.
owner-unset = Sag bitte dem Besitzer dieses Bots Bescheid.
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

owner-storage-locked = ⚠ Ein anderes Programm hält die Datenbank fest. Schließ es, dann mache ich von selbst weiter. ({ $detail })
owner-storage-deadlock = ⚠ Zwei Transaktionen haben aufeinander gewartet, und eine wurde zurückgenommen. Ich versuche es von selbst noch einmal. ({ $detail })
owner-storage-crowded = ⚠ Alle Verbindungen zur Datenbank sind belegt. Wenn das so bleibt, erhöhe DATABASE_POOL_SIZE. ({ $detail })
owner-storage-damaged = ⚠ Die Datenbank ist beschädigt. Halte mich an, sieh mit meinem Befehl „pentimento check“ nach und spiel ein Backup ein. ({ $detail })
owner-storage-unreachable = ⚠ Was ich speichere, lässt sich nicht lesen oder schreiben. Sieh dir die Platte, ihre Rechte und die Verbindung an. ({ $detail })
owner-storage-refused = ⚠ Der Objektspeicher weist mich ab. Sieh dir MEDIA_URL, den Bucket und die Schlüssel und Rechte dafür an. ({ $detail })
owner-storage-swept = ⚠ Ein Bild wurde gelöscht, während jemand es noch einmal schickte. Ich speichere es von selbst noch einmal. ({ $detail })
owner-storage-full = ⚠ Die Platte ist voll, ich kann nichts mehr speichern. Schaff bitte Platz; dann mache ich von selbst weiter. ({ $detail })
owner-aside = ⚠ Nachricht { $update } ist beiseitegelegt; Grund: { $why }. Ihr Text bleibt in meinem Eingang, du kannst ihn dort ansehen.
owner-undelivered = ⚠ Die Antwort der Runde { $turn } ließ sich nicht senden ({ $why }). Sie ist gespeichert.
owner-turn = ⚠ Runde { $turn } ist gescheitert. Der Grund: { $reason }. ({ $why })
owner-turn-other = ⚠ Runde { $turn } ist gescheitert. ({ $why })
owner-advice-account = Nach einer Zahlung dort gelingt der nächste Wunsch ohne Neustart. Ein neuer Schlüssel kommt in die Einstellungen des Bots, danach brauche ich einen Neustart. „pentimento check --accounts“ sagt, ob er funktioniert.
owner-more =
    { $count ->
        [one] Seit meiner letzten Nachricht dazu ist dasselbe noch einmal passiert.
       *[other] Seit meiner letzten Nachricht dazu ist dasselbe noch { $count }-mal passiert.
    }
owner-outage-provider = ⚠ { $provider } kann gerade nicht antworten: { $why }. Solange antworten andere, wo sie können. Es wird von Zeit zu Zeit wieder versucht.
owner-outage-model = ⚠ { $provider } kann mit { $model } gerade nicht antworten: { $why }. Solange antworten andere, wo sie können. Es wird von Zeit zu Zeit wieder versucht.
owner-outage-key = ⚠ Schlüssel { $number } von { $count } für { $provider } ist gerade nicht zu gebrauchen: { $why }. Solange antworten andere. Er wird von Zeit zu Zeit wieder versucht.
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
owner-disk = ⚠ Auf der Platte, auf der ich alles aufhebe, sind nur noch { $megabytes } MB frei. Wenn sie voll ist, kann ich nichts mehr speichern. Schaff bitte Platz; mit KEEP_DAYS oder KEEP_GB lösche ich Altes von selbst.
owner-clock = ⚠ Die Uhr meines Rechners zeigt { $here } (UTC), bei Telegram ist es { $there }. Bis sie stimmt, lösche ich nichts Altes. Bitte stell die Uhr.
owner-week = 📊 Die letzten 7 Tage: { $pictures ->
        [one] ein Bild
       *[other] { $pictures } Bilder
    } für { $people ->
        [one] eine Person
       *[other] { $people } Personen
    }, etwa { $dollars } $.
owner-week-quiet = 📊 Die letzten 7 Tage: Niemand hat mich um etwas gebeten.
owner-week-unpriced =
    { $count ->
        [one] Von einer Antwort ist der Preis nicht bekannt.
       *[other] Von { $count } Antworten ist der Preis nicht bekannt.
    }
owner-week-failed =
    { $count ->
        [one] { $turns ->
            [1] Der einzige Wunsch ist gescheitert: { $why }.
           *[other] Einer von { $turns } Wünschen ist gescheitert: { $why }.
        }
       *[other] { $count } von { $turns } Wünschen sind gescheitert, am häufigsten aus diesem Grund: { $why } ({ $most }×).
    }
owner-why-refused = der Anbieter hat den Wunsch abgelehnt
owner-why-no-picture = es kam kein Bild
owner-why-account = Schlüssel, Guthaben oder Kontingent beim Anbieter
owner-why-busy = der Anbieter war überlastet
owner-why-trouble = der Anbieter oder der Weg zu ihm war gestört
owner-why-request = das Modell hat die Anfrage nicht angenommen
owner-why-limit = eine Grenze war aufgebraucht
owner-why-interrupted = der Bot wurde unterbrochen
owner-why-other = etwas anderes
owner-week-backup = Letztes Backup: { $days ->
        [0] heute
        [one] gestern
       *[other] vor { $days } Tagen
    }.
owner-week-backup-short = ⚠ Letztes Backup: { $days ->
        [0] heute
        [one] gestern
       *[other] vor { $days } Tagen
    }, aber es fehlen Bilder. pentimento check sagt, welche.
owner-week-no-backup = ⚠ Ich weiß von keinem Backup. pentimento backup ORDNER macht eins, während ich laufe.
owner-week-disk = Platte: zu { $percent } % voll, { $gigabytes } GB frei.
