# Was man wählen und mit einem Bild machen kann: Bewegungen, Fassungen, Formate, Modelle.

moved-by = { $name }: { $said }
button-redo = ↪ Wiederholen
wish-like-this = Ein anderes Bild wie dieses, mit kleinen Unterschieden

help-all = Alle Befehle
button-done = Fertig
nothing-to-film = Bisher ein Bild: Für einen Zeitraffer braucht es zwei.
compared-numbers = Nummer { $first } und Nummer { $second }.
drop-which = Welcher Name? /saved zeigt alle.

## Modelle

strength-quick = schnell, für den Alltag
strength-versatile = gut für fast alles
strength-best = am besten bei Details und Text
strength-cheap = am günstigsten, für erste Versuche
model-price = etwa { $dollars } $
one-size = { $model } malt in einer Größe. Diese Modelle haben mehrere:
choose-nearest = { $model } malt nicht in { $value }, deshalb bleibt alles, wie es ist. Am nächsten kommt { $nearest }.

# A picture in which only the change is new; where the model's own is shown instead.
note-kept = 🔒 Alles andere ist unverändert aus deinem Foto.
note-kept-picture = 🔒 Alles andere ist, wie es war.
note-kept-some = 🔒 In Nummer { $numbers } ist alles andere, wie es war.
note-crop-left = Ich habe das Modell nur die Umgebung deiner Markierung malen lassen, und sie passt nicht in dein Bild zurück. Das hat es gemalt. „Noch einmal“ schickt ihm das ganze Bild.
note-mark-left = Das Modell hat mehr als die markierte Stelle neu gemalt, und die Stelle allein konnte ich nicht daraus nehmen.
button-painted = 🖌 Was das Modell gemalt hat
button-only = 🔒 Nur die Änderung
painted-here = Das hat das Modell gemalt. Wir machen mit diesem Bild weiter.
painted-there = Das hat das Modell gemalt. Antworte darauf, um von hier aus weiterzumachen.
only-here = Nur die Änderung, und alles andere, wie es war. Wir machen mit diesem Bild weiter.
only-there = Nur die Änderung, und alles andere, wie es war. Antworte darauf, um von hier aus weiterzumachen.
only-nothing = Die Änderung allein konnte ich nicht nehmen: Sie ist nicht an einer Stelle, oder das Bild davor gibt es nicht mehr.
only-later = Das hat zu lange gedauert, weil gerade viel los ist. Bitte drück den Knopf in einer Minute noch einmal.
file-reduced = Das verlustfreie Bild hat { $megabytes } MB, und Telegram nimmt von einem Bot höchstens 50 MB an. Dieses JPEG mit { $width } × { $height } Pixeln ist das beste, das hineinpasst.
setting-keep = Den Rest behalten: { $value }
setting-offered = per Knopf
setting-never = nie
choose-keep = Modelle malen das ganze Bild neu. Soll ich den Rest deines Bildes so lassen, wie er war, wenn sich nur eine Stelle geändert hat? Automatisch: überall, wo es sicher ist, wie bei einer markierten Stelle; sonst bietet ein Knopf es an.
compared-outlined = Die Linie umrandet, was anders ist.

## The page of an export.

page-title = Ein Gespräch in Bildern
page-part = Teil { $number } von { $parts }, Schritte { $first } bis { $last }
page-began = ein Anfang
page-from = aus { $number }
page-from-part = aus { $number }, in Teil { $part }
page-lost =
    { $count ->
        [one] Eines seiner Bilder ist verloren.
       *[other] { $count } seiner Bilder sind verloren.
    }
page-elsewhere =
    { $count ->
        [one] Eines seiner Bilder ist in einem anderen Teil.
       *[other] { $count } seiner Bilder sind in einem anderen Teil.
    }
