# Was der Bot zum Kauf von Bildern mit Telegram-Sternen sagt.

## Kaufen

buy = Bilder für die Zeit, wenn deine kostenlosen aufgebraucht sind. Sie verfallen nie, und du kannst sie hier und in Gruppen nutzen.
buy-in-private = Schreib mir /{ $name } im privaten Chat: https://t.me/{ $username }?start={ $name }
button-buy = ⭐ Bilder kaufen
pack =
    { $count ->
        [one] Ein Bild für ⭐ { $stars }
       *[other] { $count } Bilder für ⭐ { $stars }
    }
invoice-title =
    { $count ->
        [one] Ein Bild
       *[other] { $count } Bilder
    }
invoice-description =
    { $count ->
        [one] Ein Bild, das ich für dich mache, wenn deine kostenlosen aufgebraucht sind. Es verfällt nie.
       *[other] { $count } Bilder, die ich für dich mache, wenn deine kostenlosen aufgebraucht sind. Sie verfallen nie.
    }
paid =
    { $count ->
        [one] Danke! Ein weiteres Bild gehört dir. /usage zeigt, wie viele du hast.
       *[other] Danke! { $count } weitere Bilder gehören dir. /usage zeigt, wie viele du hast.
    }
paid-kept =
    { $thanks }
    Deinen Wunsch „{ $wish }“ habe ich noch.
paid-kept-unnamed =
    { $thanks }
    Deinen Wunsch habe ich noch.
usage-credit =
    { $count ->
        [one] Von deinen gekauften Bildern übrig: eines
       *[other] Von deinen gekauften Bildern übrig: { $count }
    }
forget-bought =
    { $count ->
        [one] Das Bild, das du gekauft hast, bleibt deines.
       *[other] Die { $count } Bilder, die du gekauft hast, bleiben deine.
    }
limit-credit =
    { $count ->
        [0] Mit deinen gekauften Bildern bezahlt; das war das letzte.
        [one] Mit deinen gekauften Bildern bezahlt; eines ist übrig.
       *[other] Mit deinen gekauften Bildern bezahlt; { $count } sind übrig.
    }
limit-credit-partly =
    { $paid ->
        [one] Die kostenlosen sind aufgebraucht, darum ist eines davon mit deinen gekauften Bildern bezahlt
       *[other] Die kostenlosen sind aufgebraucht, darum sind { $paid } davon mit deinen gekauften Bildern bezahlt
    }{ $count ->
        [0] ; das war das letzte.
        [one] ; eines ist übrig.
       *[other] ; { $count } sind übrig.
    }
limit-credit-more = Mit /buy bekommst du mehr.
limit-credit-next =
    { $count ->
        [one] Für das nächste nehme ich das Bild, das du gekauft hast.
       *[other] Ab jetzt nehme ich die { $count } Bilder, die du gekauft hast.
    }
not-stopped = Dieses ist mit einem gekauften Bild bezahlt, und es wird schon gemalt. Davon halte ich am Tag nur drei an, darum male ich dieses fertig.
checkout-gone = Das verkaufe ich nicht mehr. Es wurde nichts abgebucht; /buy zeigt, was ich jetzt verkaufe.
checkout-over = Ich verkaufe keine Bilder mehr. Es wurde nichts abgebucht.
checkout-later = Ich kann gerade keine Zahlung annehmen. Es wurde nichts abgebucht; versuch es bitte in einer Minute noch einmal.
checkout-blocked = Mein Besitzer hat dich gesperrt, darum verkaufe ich dir nichts. Es wurde nichts abgebucht.
checkout-unserved = Ich arbeite nicht für dich, darum verkaufe ich dir nichts. Es wurde nichts abgebucht.

## Bedingungen und Fragen

terms =
    Du kaufst Bilder, die ich mache, und bezahlst mit Telegram-Sternen. Vier Varianten sind vier Bilder. Jede Antwort mit einem Bild verbraucht eines, wenn deine kostenlosen aufgebraucht sind. Kommt kein Bild, bekommst du deines zurück; kosten solche Versuche an einem Tag so viel wie zehn Bilder, nehme ich gekaufte erst am nächsten Tag wieder. Gekaufte Bilder verfallen nie.
    Mein Besitzer kann eine Zahlung erstatten; was davon noch übrig ist, wird dann zurückgenommen. Fragen gehen an /paysupport. Der Support von Telegram hilft bei Käufen bei mir nicht.
paysupport = Fragen zu einer Zahlung schreibst du hinter den Befehl, zum Beispiel /paysupport Ich habe bezahlt, aber nichts kam. Ich gebe sie an meinen Besitzer weiter.
paysupport-sent = Ich habe deine Frage an meinen Besitzer weitergegeben.
paysupport-enough = Ich habe heute schon mehrere Fragen von dir an meinen Besitzer weitergegeben, und er hat sie alle. Bitte warte auf eine Antwort, oder schreib morgen wieder.
payment-line = { $day }: { $pictures } 🖼 für ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 für ⭐ { $stars }, erstattet, { $charge }
answer-how = Antworte auf meine Nachricht mit der Frage, und ich gebe deine Antwort weiter.
answer-of-owner = Mein Besitzer antwortet auf deine Frage zu einer Zahlung:
answer-sent = Das habe ich weitergegeben.
answer-edited = Ich habe weitergegeben, was du zuerst geschrieben hast, und kann das nicht mehr ändern. Antworte noch einmal auf die Frage, um etwas zu ergänzen.
answer-failed = Das konnte ich nicht weitergeben: { $why }.
button-answer = Antworten
give-back = ⭐ { $stars } erstatten, { $at }
button-give-back-surely = ⭐ Erstatten
button-give-back-not = So lassen
refund-ask = Soll ich { $name } ({ $id }) ⭐ { $stars } erstatten? Das war für { $pictures } 🖼 am { $at }. Von den Bildern, die noch übrig sind, nehme ich { $count } 🖼 zurück.
refund-not = Es wurde nichts erstattet.

## Erstattungen

refund-how = Schreib die Nummer der Zahlung dahinter: /refund und die Zeichen, die /paysupport zeigt.
refund-unknown = Eine solche Zahlung gibt es nicht.
refund-already = ⭐ { $stars } wurden { $name } ({ $id }) schon früher erstattet. Damals zurückgenommen: { $pictures } 🖼; von allen gekauften noch übrig: { $count } 🖼.
refunded = ⭐ { $stars } werden { $name } ({ $id }) erstattet. Zurückgenommen: { $pictures } 🖼; von allen gekauften noch übrig: { $count } 🖼.
refund-refused = Telegram erstattet diese Sterne nicht: { $why }.
refund-noted = Dir wurden ⭐ { $stars } erstattet. Von deinen gekauften habe ich { $pictures } 🖼 zurückgenommen; noch übrig: { $count } 🖼.

## An den Besitzer

owner-payment-strange = ⚠ { $id } hat für etwas bezahlt, das ich nicht verkaufe. Sieh dir die Zahlung { $charge } an; /refund kennt sie nicht.
owner-refund-unknown = ⚠ Die Zahlung { $charge } wurde erstattet, aber ich weiß nichts von ihr. Falls ihre Bilder später gutgeschrieben werden, nimmt /refund { $charge } sie zurück.
owner-refunded = ⭐ { $stars } wurden { $id } ohne mich erstattet. Zurückgenommen: { $pictures } 🖼; von allen gekauften noch übrig: { $count } 🖼.
owner-paysupport =
    { $name } ({ $id }) fragt nach einer Zahlung: „{ $question }“
    { $payments }
