# Was der Bot über Grenzen sagt: wie viel Leute, Gruppen und alle zusammen am Tag und im Monat nutzen dürfen.

## Das letzte Bild

limit-last-person-day = Das war das letzte für heute; { $renews }.
limit-last-person-month = Das war das letzte für diesen Monat; { $renews }.
limit-last-group-day = Das war heute das letzte für diese Gruppe; { $renews }.
limit-last-group-month = Das war in diesem Monat das letzte für diese Gruppe; { $renews }.
limit-last-total-day = Das war das letzte, das ich heute malen darf; { $renews }.
limit-last-total-month = Das war das letzte, das ich in diesem Monat malen darf; { $renews }.
limit-more-day =
    { $count ->
        [one] ein weiteres gibt es ab Mitternacht { $zone }, { $wait }
       *[other] { $count } weitere gibt es ab Mitternacht { $zone }, { $wait }
    }
limit-more-month =
    { $count ->
        [one] ein weiteres gibt es ab dem Monatsersten, { $wait }
       *[other] { $count } weitere gibt es ab dem Monatsersten, { $wait }
    }
limit-anew-day = weiter geht es ab Mitternacht { $zone }, { $wait }
limit-anew-month = weiter geht es ab dem Monatsersten, { $wait }
limit-zone-city = in { $city }
limit-wait-days =
    { $count ->
        [one] in einem Tag
       *[other] in { $count } Tagen
    }
limit-wait-hours =
    { $count ->
        [one] in etwa einer Stunde
       *[other] in etwa { $count } Stunden
    }
limit-wait-minutes =
    { $count ->
        [one] in einer Minute
       *[other] in { $count } Minuten
    }

## Ein Wunsch, für den kein Platz ist

limit-over-person-day = Deine Bilder für heute sind aufgebraucht; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-over-person-month = Deine Bilder für diesen Monat sind aufgebraucht; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-over-group-day = Die Bilder dieser Gruppe für heute sind aufgebraucht; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-over-group-month = Die Bilder dieser Gruppe für diesen Monat sind aufgebraucht; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-over-total-day = Ich habe alle Bilder gemalt, die ich heute malen darf; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-over-total-month = Ich habe alle Bilder gemalt, die ich in diesem Monat malen darf; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-over-owner = Die Grenze für alle ist aufgebraucht: { $limits }; { $renews }. Soll es vorher weitergehen, erhöh LIMIT_TOTAL in meinen Einstellungen und starte mich neu. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-few-day =
    { $count ->
        [one] Für heute ist nur noch ein Bild übrig; { $renews }. Soll ich das eine malen?
       *[other] Für heute sind nur noch { $count } Bilder übrig; { $renews }. Soll ich die malen?
    }
limit-few-month =
    { $count ->
        [one] Für diesen Monat ist nur noch ein Bild übrig; { $renews }. Soll ich das eine malen?
       *[other] Für diesen Monat sind nur noch { $count } Bilder übrig; { $renews }. Soll ich die malen?
    }
limit-few-bought =
    Deine kostenlosen Bilder sind aufgebraucht; { $renews }. { $count ->
        [one] Von deinen gekauften ist noch eines übrig. Soll ich es nehmen?
       *[other] Von deinen gekauften sind noch { $count } übrig. Soll ich sie nehmen?
    }
limit-few-bought-only =
    { $count ->
        [one] Von deinen gekauften Bildern ist noch eines übrig. Soll ich es nehmen?
       *[other] Von deinen gekauften Bildern sind noch { $count } übrig. Soll ich sie nehmen?
    }
limit-few-mixed =
    Ich kann { $count } malen: { $free ->
        [one] ein kostenloses Bild
       *[other] { $free } kostenlose Bilder
    } und { $bought ->
        [one] ein gekauftes
       *[other] { $bought } gekaufte
    }. Soll ich?
limit-none = Zurzeit habe ich hier keine Bilder zu vergeben. Ich behalte deinen Wunsch: Drück „Noch einmal versuchen“, wenn mein Besitzer das geändert hat.
limit-none-sold = Kostenlose Bilder gibt es hier nicht, aber ich verkaufe welche. Ich behalte deinen Wunsch: Kauf Bilder und drück dann „Noch einmal versuchen“.
limit-in-vain = Heute habe ich viele Male eines deiner gekauften Bilder genommen und zurückgegeben, weil keines kam. Mein Besitzer muss diese Versuche vielleicht bezahlen, darum nehme ich heute keines mehr; { $renews }. Ich behalte deinen Wunsch: Drück danach „Noch einmal versuchen“.
limit-unheard = Die Bilder, die ich hier malen darf, sind vorerst aufgebraucht; { $renews }. Angehört habe ich das nicht: Schick es danach bitte noch einmal.
limit-unheard-none = Zurzeit habe ich hier keine Bilder zu vergeben, also habe ich das nicht angehört.
button-make =
    { $count ->
        [one] Eins malen
       *[other] { $count } malen
    }

## Was übrig ist

left-person-day = Für dich heute noch: { $left }
left-person-month = Für dich diesen Monat noch: { $left }
left-group-day = Für diese Gruppe heute noch: { $left }
left-group-month = Für diese Gruppe diesen Monat noch: { $left }
left-total-day = Für alle heute noch: { $left }
left-total-month = Für alle diesen Monat noch: { $left }
left-pictures =
    { $count ->
        [one] ein Bild von { $most }
       *[other] { $count } Bilder von { $most }
    }
left-dollars = { $dollars } $ von { $most } $
left-renews = { $left }; { $renews }
left-anew-day = neu ab Mitternacht { $zone }, { $wait }
left-anew-month = neu ab dem Monatsersten, { $wait }

## Was jemand nutzen darf

granted-person = Du hast hier { $limits }; /usage zeigt, was noch übrig ist.
granted-group = Diese Gruppe hat { $limits }; /usage zeigt, was noch übrig ist.
granted-none-sold = Kostenlose Bilder gibt es hier nicht, aber ich verkaufe welche: /buy.
granted-pictures-day =
    { $count ->
        [one] ein Bild am Tag
       *[other] { $count } Bilder am Tag
    }
granted-pictures-month =
    { $count ->
        [one] ein Bild im Monat
       *[other] { $count } Bilder im Monat
    }
granted-dollars-day = { $dollars } $ am Tag
granted-dollars-month = { $dollars } $ im Monat

## Der Befehl

limit-in-groups = /limit ist für Gruppen: Dort bestimmen die Admins, wie viele Bilder die Gruppe haben darf.
limit-here = Die Admins dieser Gruppe haben diese Grenze gewählt: { $limits }.
limit-here-none = Die Admins dieser Gruppe haben keine Grenze gewählt.
limit-here-owner = Mein Besitzer erlaubt dieser Gruppe { $limits }; die Grenze ihrer Admins kann nur niedriger sein.
limit-here-how = Admins ändern sie so: /limit 10/day (am Tag) oder 100/month (im Monat). /limit none hebt sie auf.
limit-admins-only = Nur Admins dieser Gruppe bestimmen ihre Grenze.
limit-unreadable = Diese Grenze kann ich nicht lesen. Schreib sie so: 20/day (am Tag) oder $10/month (im Monat), beides mit Komma dazwischen, oder none (keine).
limit-owner-how = Schreib die Nummer einer Person oder Gruppe und eine Grenze: /limit 12345 50/day oder $10/month, oder beides mit Komma dazwischen. Bei einer Person geht auch /limit 50/day als Antwort auf eine ihrer Nachrichten, die du mir weitergeleitet hast. Mit none gibt es keine Grenze, mit default gilt wieder die der Einstellungen.
limit-of-one = Die Grenze von { $who } ist { $limits }.
limit-of-one-none = { $who } hat keine Grenze.
limit-of-one-default = { $who }: { $limits }, wie in den Einstellungen.
limit-of-one-default-none = { $who }: keine Grenze, wie in den Einstellungen.
limit-zero = 0 ist niemandes Nummer. Was alle zusammen nutzen dürfen, steht als LIMIT_TOTAL in den Einstellungen.

## An den Besitzer

owner-limit-80 = ⚠ Die Grenze für alle ist zu 80 % aufgebraucht: { $limits }.
owner-limit-100 = ⚠ Die Grenze für alle ist aufgebraucht: { $limits }. LIMIT_TOTAL legt sie fest.
