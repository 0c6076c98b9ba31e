# Was der Bot zum Kauf von Bildern mit Telegram-Sternen sagt.

## Kaufen

buy = Bilder für die Zeit, wenn deine freien aufgebraucht sind. Sie verfallen nie, und du kannst sie hier und in Gruppen nutzen.
buy-in-private = Schreib mir /{ $name } im privaten Chat: @{ $username }.
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
        [one] Ein Bild, das ich für dich mache, wenn deine freien aufgebraucht sind. Es verfällt nie.
       *[other] { $count } Bilder, die ich für dich mache, wenn deine freien aufgebraucht sind. Sie verfallen nie.
    }
paid =
    { $count ->
        [one] Danke! Ein weiteres Bild gehört dir. /usage zeigt, wie viele du hast.
       *[other] Danke! { $count } weitere Bilder gehören dir. /usage zeigt, wie viele du hast.
    }
usage-credit =
    { $count ->
        [one] Von deinen gekauften Bildern übrig: eines
       *[other] Von deinen gekauften Bildern übrig: { $count }
    }
limit-credit =
    { $count ->
        [0] Mit deinen gekauften Bildern bezahlt; das war das letzte. Mit /buy bekommst du mehr.
        [one] Mit deinen gekauften Bildern bezahlt; eines ist übrig.
       *[other] Mit deinen gekauften Bildern bezahlt; { $count } sind übrig.
    }
checkout-gone = Das verkaufe ich nicht mehr. Es wurde nichts abgebucht; /buy zeigt, was ich jetzt verkaufe.
checkout-later = Ich kann gerade keine Zahlung annehmen. Es wurde nichts abgebucht; versuch es bitte in einer Minute noch einmal.
checkout-blocked = Mein Betreiber hat dich gesperrt, darum verkaufe ich dir nichts. Es wurde nichts abgebucht.
checkout-unserved = Ich arbeite nicht für dich, darum verkaufe ich dir nichts. Es wurde nichts abgebucht.

## Bedingungen und Fragen

terms =
    Du kaufst Bilder, die ich mache, und bezahlst mit Telegram-Sternen. Jede Antwort mit einem Bild verbraucht eines, wenn deine freien aufgebraucht sind. Kommt kein Bild, bekommst du deines zurück. Gekaufte Bilder verfallen nie.
    Mein Betreiber kann eine Zahlung erstatten; was davon noch übrig ist, wird dann zurückgenommen. Fragen gehen an /paysupport. Der Support von Telegram hilft bei Käufen bei mir nicht.
paysupport = Fragen zu einer Zahlung schreibst du hinter den Befehl, zum Beispiel /paysupport Ich habe bezahlt, aber nichts kam. Ich gebe sie an meinen Betreiber weiter.
paysupport-sent = Ich habe deine Frage an meinen Betreiber weitergegeben.
paysupport-enough = Ich habe heute schon mehrere Fragen von dir an meinen Betreiber weitergegeben, und er hat sie alle. Bitte warte auf eine Antwort, oder schreib morgen wieder.
payment-line = { $day }: { $pictures } 🖼 für ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 für ⭐ { $stars }, erstattet, { $charge }

## Erstattungen

refund-how = Schreib die Nummer der Zahlung dahinter: /refund und die Zeichen, die /paysupport zeigt.
refund-unknown = Eine solche Zahlung gibt es nicht.
refund-already = ⭐ { $stars } wurden { $id } schon früher erstattet. Damals zurückgenommen: { $pictures } 🖼; davor verbraucht: { $spent }.
refunded = ⭐ { $stars } werden { $id } erstattet. Zurückgenommen: { $pictures } 🖼; davor verbraucht: { $spent }.
refund-refused = Telegram erstattet diese Sterne nicht: { $why }.
refund-noted = Dir wurden ⭐ { $stars } erstattet. Was von dieser Zahlung noch übrig war, habe ich zurückgenommen: { $pictures } 🖼.

## An den Betreiber

owner-payment-strange = ⚠ { $id } hat für etwas bezahlt, das ich nicht verkaufe. Sieh dir die Zahlung { $charge } an; /refund kennt sie nicht.
owner-refund-unknown = ⚠ Die Zahlung { $charge } wurde erstattet, aber ich weiß nichts von ihr. Falls ihre Bilder später gutgeschrieben werden, nimmt /refund { $charge } sie zurück.
owner-refunded = ⭐ { $stars } wurden { $id } ohne mich erstattet. Zurückgenommen: { $pictures } 🖼; davor verbraucht: { $spent }.
owner-paysupport =
    { $name } ({ $id }) fragt nach einer Zahlung: „{ $question }“
    { $payments }
