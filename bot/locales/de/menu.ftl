# Der Name der Sprache und das Menü der Befehle: Der Bot braucht sie von jeder Sprache schon beim Start.

language-name = Deutsch

command-start = Was ich kann
command-edit = Ein Bild malen oder ändern, etwa /edit wärmer
command-help = Alle Befehle
command-new = Neu anfangen
command-undo = Ein Bild zurück
command-redo = Wieder vorwärts
command-again = Derselbe Wunsch noch einmal
command-x4 = Vier Varianten eines Wunsches
command-tree = Alle Bilder dieses Gesprächs
command-go = Zu einem Bild nach Nummer, etwa /go 7
command-compare = Vorher und nachher
command-timelapse = Wie das Bild entstanden ist
command-context = Was das Modell sieht
command-save = Ein Bild mit Namen merken, etwa /save hat
command-saved = Gemerkte Bilder
command-drop = Einen Namen vergessen, etwa /drop hat
command-export = Dieses Gespräch als Zip
command-forget = Löschen, was ich aufbewahre
command-file = Das Bild als Datei, in voller Qualität
command-cancel = Das Malen anhalten
command-allow = Wer mich in dieser Gruppe benutzen darf
command-limit = Wie viele Bilder diese Gruppe haben darf
command-settings = Format, Größe, Aufwand, Modell, Sprache
command-model = Modell wählen
command-ratio = Format wählen, etwa /ratio 16:9
command-size = Größe wählen
command-effort = Entwurf, normal oder sorgfältig
command-language = Meine Sprache wählen
command-usage = Was es gekostet hat
command-privacy = Was ich aufbewahre
command-people = Wer mich nutzt und was es gekostet hat
command-admit = Jemanden zulassen, mit Nummer
command-block = Jemanden sperren, mit Nummer
command-unblock = Jemanden wieder zulassen
