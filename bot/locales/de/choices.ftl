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
