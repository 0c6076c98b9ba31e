# What the bot says to guests about whom an owner decides, and to owners about guests.

## Guests, about whom an owner decides

guest-asked = Mein Besitzer entscheidet, für wen ich male, und ich habe gefragt. Schick mir ruhig schon deinen ersten Wunsch: Ich hebe ihn bis dahin auf.
guest-kept = Mein Besitzer entscheidet, für wen ich male, und ich habe gefragt. Ich hebe deinen Wunsch auf und fange an, sobald du zugelassen bist.
guest-kept-group = Mein Besitzer entscheidet, in welchen Gruppen ich arbeite, und ich habe gefragt. Ich hebe deinen Wunsch auf und fange an, sobald diese Gruppe zugelassen ist.
guest-waits = Mein Besitzer hat noch nicht entschieden. Ich hebe nur deinen ersten Wunsch auf; schick den Rest bitte, wenn du zugelassen bist.
guest-waits-group = Mein Besitzer hat noch nicht entschieden. Ich hebe nur den ersten Wunsch dieser Gruppe auf; schickt den Rest bitte, wenn die Gruppe zugelassen ist.
guest-asked-group = Hallo! Mein Besitzer entscheidet, in welchen Gruppen ich arbeite, und ich habe gefragt. Euren ersten Wunsch hebe ich bis dahin auf.
guest-admitted = Mein Besitzer hat dich zugelassen. Was soll ich malen?
guest-admitted-wish = Mein Besitzer hat dich zugelassen, und ich fange mit deinem Wunsch an.
guest-admitted-group = Mein Besitzer hat diese Gruppe zugelassen. Antwortet mir mit einem Wunsch.
guest-refused = Mein Besitzer hat sich dagegen entschieden, also male ich nicht für dich. Dein Wunsch ist gelöscht.
guest-blocked = Mein Besitzer hat dich gesperrt, also antworte ich dir nicht mehr.
guest-blocked-paid = Mein Besitzer hat dich gesperrt, also male ich nicht mehr für dich. Für Fragen zu einer Zahlung gibt es weiterhin /paysupport, und /forget löscht, was ich von dir aufbewahre.

## For owners

owner-guest = { $name } ({ $id }) möchte mich nutzen.
owner-guest-wish = { $name } ({ $id }) möchte mich nutzen und beginnt mit: „{ $wish }“
owner-guest-group = Die Gruppe „{ $name }“ ({ $id }) möchte mich nutzen. { $person } bittet darum.
decision-admitted = ✓ { $name } ({ $id }): zugelassen von { $by }.
decision-refused = ✗ { $name } ({ $id }): abgelehnt von { $by }.
decision-blocked = 🚫 { $name } ({ $id }): gesperrt von { $by }.
stranger-admitted = Zu { $id } kenne ich keinen Namen. ✓ Trotzdem zugelassen von { $by }.
stranger-blocked = Zu { $id } kenne ich keinen Namen. 🚫 Trotzdem gesperrt von { $by }.
guest-named = { $name } ({ $id })
guest-is-owner = Das ist einer meiner Besitzer. Ihnen antworte ich immer, und niemand kann sie sperren.
guest-not-blocked = { $name } ({ $id }) ist nicht gesperrt.
blocked-with-credit =
    { $count ->
        [one] { $name } hat noch ein gekauftes Bild.
       *[other] { $name } hat noch { $count } gekaufte Bilder.
    } So erstattest du eine Zahlung:
    { $ways }
guest-hidden = Telegram verbirgt die Nummer der Person, die das geschrieben hat. Wähle sie in /people aus oder schick mir die Nummer.
guest-how = Schick /{ $name } und eine Nummer, oder antworte damit auf eine Nachricht der Person, die du mir weitergeleitet hast. In /people gibt es für alle einen Knopf.
people = Wer mich nutzt, die Neuesten zuerst:
people-none = Hier ist niemand.
people-line =
    { $number }. { $name } ({ $id }){ $mark }
    heute { $today }, diesen Monat { $month }
people-spent = { $pictures } 🖼 { $dollars } $
people-asked = ⏳ wartet auf dich
people-admitted = ✓ zugelassen
people-refused = ✗ abgelehnt
people-blocked = 🚫 gesperrt
people-limit = Grenze { $limits }
people-bought = ⭐ { $stars } bezahlt, noch { $count } 🖼
people-sold = Insgesamt: ⭐ { $stars } bezahlt und nicht erstattet; davon { $count } 🖼 noch nicht verbraucht.
