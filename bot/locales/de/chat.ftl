# Alles, was der Bot selbst sagt. Die Fehler der Anbieter stehen in errors.ftl.

## Anfang und Hilfe

start =
    Hallo! Sag mir, was ich malen soll, oder schick ein Foto und sag, was sich ändern soll.

    Versuch „ein Leuchtturm in der Dämmerung“ oder ein Foto mit „mach es schwarzweiß“. Dann geht es weiter: „wärmer“, „mit einem Boot“. Antworte auf ein älteres Bild, um von dort weiterzumachen. Soll sich nur eine Stelle ändern, kreise sie mit dem Stift in Telegrams Fotoeditor ein.

    /help zeigt, wie es geht.
help =
    So geht es
    • Beschreib ein Bild oder eine Änderung am aktuellen.
    • Ein Foto mit Bildunterschrift wird bearbeitet. Ein Foto ohne Worte wartet auf deine nächste Nachricht.
    • Soll sich nur eine Stelle ändern, kreise sie mit dem Stift in Telegrams Fotoeditor ein und schick die Kopie mit deinem Wunsch. Ist das Foto neu für mich, schick es vorher einmal ohne Striche.
    • Antworte auf irgendein Bild, meines oder deines, um von dort weiterzumachen.
    • Bearbeite deine Nachricht, und ich mache es noch einmal.
    • { $groups }

    Was du am meisten brauchst
    { $commands }

    /x4 eine Katze macht vier Varianten eines neuen Wunsches. /help alle zeigt alle Befehle.
help-groups = In Gruppen antworte mir, oder schick /edit@{ $username } und einen Wunsch.
help-groups-mentions = In dieser Gruppe erwähne mich, antworte mir oder schick /edit@{ $username } und einen Wunsch.
help-here = In dieser Gruppe antworte mir, oder schick /edit@{ $username } und einen Wunsch.
help-in-group =
    So geht es hier
    • { $groups }
    • Beschreib ein Bild oder eine Änderung am aktuellen.
    • Ein Foto oder Album mit so einer Bildunterschrift wird bearbeitet. Als Antwort an mich und ohne Worte wartet es auf einen Wunsch.
    • Soll sich nur eine Stelle ändern, kreise sie mit dem Stift in Telegrams Fotoeditor ein und schick die Kopie als Antwort.
    • Antworte auf irgendein Bild von mir, um von dort weiterzumachen.
    • { $pictures }
    • Bearbeite deine Nachricht, und ich mache es noch einmal.

    Was ihr am meisten braucht
    { $commands }

    /help alle zeigt alle Befehle.
help-pictures = Antworte mit /edit@{ $username } und einem Wunsch auf ein Bild, egal von wem, und ich bearbeite es.
greeting =
    Hallo! Ich male und bearbeite Bilder, hier mit euch allen zusammen.

    Antwortet auf diese Nachricht mit einem Wunsch oder einem Foto, oder schickt:
    /edit@{ $username } ein Leuchtturm in der Dämmerung
greeting-privacy = Ich sehe hier nur Antworten an mich und Befehle.
greeting-unseen = Ich sehe hier nur Befehle und Antworten an mich. Wenn ihr auf ein eigenes Bild antwortet, sehe ich es nicht: Schickt es mit dem Wunsch als Bildunterschrift.
greeting-reads-all = Ihr könnt mich auch erwähnen: Ich kann hier alle Nachrichten lesen, reagiere aber nur auf die, die für mich bestimmt sind.
greeting-admin = Ihr könnt mich auch erwähnen: Als Admin kann ich hier alle Nachrichten lesen, reagiere aber nur auf die, die für mich bestimmt sind.

not-served-chat = Ich bin nur für andere Gruppen da, deshalb gehe ich. Mein Besitzer entscheidet, wo ich arbeite.
not-served-person = Dieser Bot ist privat. Bitte seinen Besitzer, dich hinzuzufügen: Deine Nummer ist { $id }.

unknown-command = Ich kenne /{ $name } nicht. /help zeigt, was ich kann.
only-command = Von dieser Nachricht habe ich nur /{ $name } verwendet. Schick den Rest bitte extra.
reply-unknown = Diese Nachricht ist weder eine Antwort von mir noch ein Wunsch, den ich erfüllt habe, deshalb habe ich nichts geändert. Antworte auf eines unserer Bilder, oder schick nur /{ $name }.
edit-of-several = Dein Wunsch kam in mehreren Nachrichten, und ich kann nicht erkennen, was sich damit ändert. Schick ihn bitte noch einmal in einem Stück.
edit-of-recording = Ich richte mich nach dem, was du darin sagst, also ändert die Bildunterschrift nichts. Sag den Wunsch neu, oder schreib ihn.

## Bewegungen im Baum

undone = ↩ Zurück zu diesem.
undone-named = ↩ Zurück zu „{ $wish }“.
undone-words = ↩ Zurück zu „{ $wish }“, worauf ich mit Worten geantwortet habe.
undone-said = ↩ Zurück zu einer Antwort in Worten.
current-picture = Das ist das Bild an dieser Stelle.
undone-root = ↩ Zurück am Anfang. Schick einen neuen Wunsch, oder drück „Wiederholen“, um zurückzukehren.
undone-root-waiting = ↩ Zurück am Anfang. „Wiederholen“ kehrt zurück.
undone-photo =
    { $count ->
        [1] ↩ Zurück am Anfang: das Foto, wie es kam. Sag, was ich damit machen soll, oder drück „Wiederholen“, um zurückzukehren.
       *[other] ↩ Zurück am Anfang: die { $count } Fotos, wie sie kamen. Sag, was ich damit machen soll, oder drück „Wiederholen“, um zurückzukehren.
    }
redone-root = ↪ Vorwärts.
redone = ↪ Vorwärts zu diesem.
redone-named = ↪ Vorwärts zu „{ $wish }“.
redone-words = ↪ Vorwärts zu „{ $wish }“, worauf ich mit Worten geantwortet habe.
redone-said = ↪ Vorwärts zu einer Antwort in Worten.
shown = Hier ist es noch einmal.
shown-named = Hier ist „{ $wish }“ noch einmal.
chosen = ✓ Wir machen mit diesem weiter.
chosen-named = ✓ Wir machen mit dieser Fassung von „{ $wish }“ weiter.
chosen-words = ✓ Wir machen mit „{ $wish }“ weiter.
chosen-said = ✓ Wir machen mit einer Antwort in Worten weiter.
fresh = ✨ Neuer Anfang: Deine nächste Nachricht wird ein neues Bild. Um zu einem älteren zurückzukehren, antworte darauf oder schick /undo.
fresh-waiting = ✨ Neuer Anfang. Um zu einem älteren Bild zurückzukehren, antworte darauf oder schick /undo.
topic-name = Neues Bild
topic-opened = ✨ Wir machen in einem eigenen Thema weiter: „{ $name }“.
nothing-to-undo = Es gibt nichts zurückzunehmen: Wir sind am Anfang.
nothing-to-redo = Es gibt nichts wiederherzustellen.
nothing-to-repeat = Es gibt noch nichts zu wiederholen. Schick mir zuerst einen Wunsch.
nothing-left-to-repeat = Dieser Wunsch ist gelöscht, deshalb gibt es nichts mehr zu wiederholen.
nothing-to-file = Es gibt noch kein Bild, das ich als Datei schicken könnte.
nothing-to-cancel = Ich male gerade nichts.
ended-by-block =
    { $count ->
        [one] Du hast mich blockiert, während eine Nachricht von dir gewartet hat. Ich habe sie nicht bearbeitet. Schick sie bitte noch einmal, wenn du sie noch brauchst.
       *[other] Du hast mich blockiert, während { $count } Nachrichten von dir gewartet haben. Ich habe sie nicht bearbeitet. Schick bitte noch einmal, was du noch möchtest.
    }
waiting-ended =
    { $count ->
        [one] Gut, ich lasse das Bild in Ruhe. Antworte mit einem Wunsch darauf, wenn ich es doch nehmen soll.
       *[other] Gut, ich lasse die { $count } Bilder in Ruhe. Antworte mit einem Wunsch auf eines, wenn ich es doch nehmen soll.
    }
cancelled = Angehalten, als hättest du nie gefragt.
cancelled-only = Angehalten, als hättest du nie gefragt. Von deiner Nachricht habe ich nur /cancel verwendet: Schick den Rest bitte extra.
cancelled-others =
    { $count ->
        [one] { $said } Ein Wunsch wartet noch, mit dem fange ich jetzt an; /cancel hält auch den an.
       *[other] { $said } { $count } Wünsche warten noch, mit dem nächsten fange ich jetzt an; /cancel hält auch den an.
    }
moved-on = Das hat sich gerade geändert. Versuch es bitte noch einmal.
button-outdated = Dieser Knopf gehört zu etwas, das ich nicht mehr habe.
taken-up = Diesen Wunsch habe ich schon angenommen, darum mache ich ihn nicht ein zweites Mal. Wenn du ihn noch einmal möchtest, schick ihn neu.
retold = ✎ Mit deinen geänderten Worten „{ $wish }“:
not-your-button = Die Knöpfe unter dieser Antwort sind nur für { $name }. Das lässt sich in /settings ändern.

## Knöpfe

button-again = 🔄 Noch einmal
button-vary = 🎲 Vier Varianten
button-undo = ↩ Rückgängig
button-new = ✨ Neu
button-file = 📎 Datei
button-each = 🧩 Jedes für sich
button-each-surely = Alle { $count } malen
button-try-again = Noch einmal versuchen
button-other-model = Anderes Modell
button-new-conversation = Neu anfangen
button-cancel = Abbrechen
button-show = Noch einmal zeigen
button-words = { $number ->
    [0] 💬 Die Antwort in Worten lesen
   *[other] 💬 Die Antwort in Worten lesen { $number }
}
button-forget-conversation = Dieses Gespräch löschen
button-forget-person = Alles von mir löschen
button-forget-surely = Endgültig löschen
button-forget-nothing = Alles behalten
button-admit = ✓ Zulassen
button-refuse = Ablehnen
button-block = 🚫 Sperren
button-unblock = Entsperren
button-back = ‹ Zurück
button-page-before = ‹ Seite { $number }
button-page-after = Seite { $number } ›

## Bilder, die ankamen

what-to-do =
    { $count ->
        [one] Was soll ich mit diesem Bild machen? Schreib es einfach.
       *[other] Was soll ich mit diesen { $count } Bildern machen? Schreib es einfach.
    }
what-to-do-group =
    { $count ->
        [one] Was soll ich mit diesem Bild machen? Antworte auf diese Nachricht.
       *[other] Was soll ich mit diesen { $count } Bildern machen? Antworte auf diese Nachricht.
    }
what-wish = Was hättest du gern? Schreib es einfach, oder antworte auf ein Bild mit einem Wunsch.
what-wish-group = Was hättest du gern? Antworte auf diese Nachricht mit deinem Wunsch.
what-wish-unseen = Was hättest du gern? Antworte auf diese Nachricht mit deinem Wunsch. Falls du auf ein Bild geantwortet hast, schick es gleich mit: Telegram zeigt mir hier nur Antworten auf meine Nachrichten.
heard = 🎙 Verstanden: „{ $words }“
recording-empty = Ich habe darin keine Worte gehört. Sag es bitte noch einmal, oder schreib mir, was du möchtest.
recording-too-long = Ich höre höchstens { $limit_minutes } Minuten zu. Sag es bitte kürzer, oder schreib es.
recording-too-many = Ich habe in dieser Stunde schon viele Nachrichten von dir gehört. Schreib bitte, was du möchtest, oder sprich später wieder.
recording-unheard = Ich kann das gerade nicht anhören. Schreib mir bitte, was du möchtest, oder versuch es später noch einmal.
recording-interrupted = Ich wurde beim Zuhören unterbrochen. Sag es bitte noch einmal, oder schreib es.
album-part = Telegram zeigt mir von deinem Album nur dieses eine Bild. Schick das Album als Antwort auf eine Nachricht von mir, dann sehe ich es ganz.
marked-place = Dasselbe Bild mit einer eingezeichneten Markierung. Der Wunsch gilt nur der markierten Stelle: Ändere allein diese und lass die gezeichneten Linien weg.
note-several =
    { $count ->
        [one] Ich habe das Bild verwendet, das du vorher geschickt hast.
       *[other] Ich habe die { $count } Bilder verwendet, die du nacheinander geschickt hast.
    }
each-offer = Ich kann diesen Wunsch an jedem dieser { $count } Bilder für sich erfüllen. Das ergibt { $count } neue Bilder.
each-offer-priced = Ich kann diesen Wunsch an jedem dieser { $count } Bilder für sich erfüllen. Das ergibt { $count } neue Bilder für ungefähr { $dollars } $.
left-out =
    { $count ->
        [one] Eines habe ich weggelassen. { $why }
       *[other] { $count } davon habe ich weggelassen. { $why }
    }
note-first-frame = Es bewegt sich; ich nehme das erste Bild.
note-first-page = Es hat mehrere Seiten; ich nehme die erste.
note-cover = Es bewegt sich; ich nehme das Bild, das dafür ausgesucht wurde.
note-sharp-frame = Es bewegt sich; ich nehme das erste scharfe Bild.
note-small-frame = Es bewegt sich; ich nehme das kleine Vorschaubild, das Telegram davon zeigt.
note-page = Ich nehme Seite { $page } von { $count }. Für eine andere schick die Datei noch einmal und nenne sie, etwa „Seite 2“.
note-first-page-small = PDFs kann ich hier nicht öffnen; ich nehme das kleine Vorschaubild der ersten Seite, das Telegram zeigt.
note-raw-preview = Es ist die Rohdatei einer Kamera; ich nehme das Vorschaubild, das die Kamera darin gespeichert hat.
note-converted = Ich habe es für das Modell umgewandelt. Dein Original bleibt, wie es ist.
note-shrunk = Es ist größer, als irgendein Modell es annimmt, deshalb arbeite ich mit einer kleineren Kopie. Dein Original bleibt, wie es ist.
note-flattened = Die durchsichtigen Teile sind weiß geworden.
note-left-out =
    { $count ->
        [one] Das Modell nimmt nicht mehr als { $limit } auf einmal, deshalb habe ich das letzte Bild weggelassen.
       *[other] Das Modell nimmt nicht mehr als { $limit } auf einmal, deshalb habe ich die letzten { $count } Bilder weggelassen.
    }
note-advised = Das Modell hat alle bekommen. Am besten gelingt es mit höchstens { $limit } Bildern.
file-too-big = Diese Datei ist größer als { $limit_mb } MB, und mehr lässt Telegram Bots nicht holen. Schick sie bitte kleiner oder als Foto.
file-gone = Telegram hat diese Datei nicht mehr. Schick sie bitte noch einmal.
file-elsewhere = Deine Datei ist bei Telegram angekommen, aber ich komme nicht an sie heran: Wo ich laufe, ist etwas falsch eingestellt. Sag bitte meinem Besitzer Bescheid.
not-a-picture = Das ist kein Bild, das ich lesen kann. Schick ein Foto oder eine Datei in PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP oder TIFF.
picture-unsupported = Diese Art Bild kann ich nicht lesen. Schick es als PNG, JPEG, WebP, HEIC oder AVIF.
picture-raw = Das ist die Rohdatei einer Kamera, und ich sehe darin keine große Vorschau. Schick es bitte als JPEG.
picture-truncated = Dieses Bild ist abgeschnitten: Das Ende der Datei fehlt. Schick es bitte noch einmal.
picture-damaged = Dieses Bild ist beschädigt, ich kann es nicht öffnen. Schick bitte eine andere Kopie.
picture-too-many-parts = Diese Datei besteht aus weit mehr Teilen, als ein Bild braucht, darum lese ich sie nicht. Speichere das Bild neu als PNG oder JPEG und schick das.
picture-too-large-pixels = Dieses Bild hat { $width_px } × { $height_px } Pixel. Bilder dieser Art öffne ich bis { $limit_megapixels } Megapixel. Schick es bitte kleiner oder als JPEG.
pdf-no-page =
    { $count ->
        [one] Dieses PDF hat nur eine Seite, also gibt es keine Seite { $page }.
       *[other] Dieses PDF hat nur { $count } Seiten, also gibt es keine Seite { $page }.
    }
pdf-locked = Dieses PDF braucht ein Passwort. Schick es ohne Passwort oder die Seite als Bild.
pdf-damaged = Dieses PDF ist beschädigt, ich kann es nicht öffnen. Schick es noch einmal oder die Seite als Bild.
unusable-video = Aus diesem Video bekomme ich kein Bild. Schick mir ein Foto oder ein Standbild daraus.
unusable-video_note = Aus dieser Videonachricht bekomme ich kein Bild. Schick mir ein Foto oder schreib mir, was du möchtest.
unusable-voice = Sprachnachrichten kann ich nicht hören. Schreib mir bitte, was du möchtest.
unusable-audio = Mit Audio kann ich nichts anfangen. Schick mir Worte oder ein Foto.
unusable-animation = Aus dieser Animation bekomme ich kein stehendes Bild. Schick mir ein Foto oder ein Standbild daraus.
unusable-own-film = Das ist ein Film, den ich aus unseren Bildern gemacht habe; ändern kann ich ihn nicht. Antworte lieber auf eines der Bilder.
unusable-moving-sticker = Dieser Sticker bewegt sich, und Telegram zeigt mir kein stehendes Bild davon. Ein einfacher Sticker oder ein Foto geht.
unusable-pdf = Dieses PDF kann ich hier nicht lesen. Schick mir die Seite als Bild, zum Beispiel als Bildschirmfoto.
unusable-deleted_file = Wer dieses Bild geschickt hat, hat es hier gelöscht. Schick mir ein Foto, oder schreib, was du möchtest.
unusable-document = Mit so einer Datei kann ich nichts anfangen. Schick ein Foto oder ein Bild als Datei (PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP oder TIFF).
unusable-other = Mit so einer Nachricht kann ich nichts anfangen. Schick mir Worte oder ein Foto.

## Während gemalt wird

progress-painting = 🎨 Ich male …
progress-painting-long = 🎨 Ich male … seit { $seconds } s
progress-unstored = Dein Bild ist fertig, aber ich kann es gerade nicht speichern. Es kommt, sobald es geht.
progress-queued =
    { $number ->
        [one] Du bist als Nächstes dran.
       *[other] Du bist Nummer { $number } in der Reihe.
    }

## Antworten

versions =
    { $missing ->
        [0] { $count } Varianten. Mit welcher machen wir weiter? ≈ macht vier ähnliche.
        [one] { $count } Varianten; eine ist nichts geworden. Mit welcher machen wir weiter? ≈ macht vier ähnliche.
       *[other] { $count } Varianten; { $missing } sind nichts geworden. Mit welcher machen wir weiter? ≈ macht vier ähnliche.
    }
versions-next = Wenn du weiterschreibst, ohne zu wählen, mache ich mit Nummer { $number } weiter.
each-done =
    { $missing ->
        [0] Hier sind sie, jedes für sich, in deiner Reihenfolge. Mit welchem machen wir weiter? Du kannst auch auf eines antworten.
        [one] Hier sind sie, jedes für sich, in deiner Reihenfolge; eines ist nichts geworden. Mit welchem machen wir weiter?
       *[other] Hier sind sie, jedes für sich, in deiner Reihenfolge; { $missing } sind nichts geworden. Mit welchem machen wir weiter?
    }
words-only-empty = Das Modell hat ohne Bild und ohne Worte geantwortet.
words-in-file = Diese Antwort ist zu lang für eine Nachricht: Ganz steht sie in der Datei.
topic-gone = Das Thema, in dem du danach gefragt hast, gibt es nicht mehr, deshalb kommt die Antwort hier.
show-unknown = Ich bin nicht sicher, ob mein Bild bei dir angekommen ist. Wenn du es oben nicht siehst, kann ich es noch einmal schicken.
pictures-ready = Hier sind sie.
photo-refused = Dein Bild ist fertig, aber ich darf hier keine Fotos oder Dateien schicken. Bitte einen Admin, es zu erlauben, und nimm dann /file.
file-refused = Ich darf hier keine Dateien schicken. Bitte einen Admin, es zu erlauben, und frag mich dann noch einmal.
interrupted = Ich wurde beim Malen unterbrochen. Vielleicht ist es schon bezahlt. Soll ich es noch einmal versuchen?
interrupted-again = Ich wurde beim Malen zweimal unterbrochen und habe es deshalb beiseitegelegt. Du kannst es noch einmal versuchen.
picture-lost = Ein Bild, auf dem das aufbaut, fehlt in meinem Speicher. Schick es bitte noch einmal, oder fang neu an.
trouble = Bei mir ist mit dieser Nachricht etwas schiefgegangen, deshalb habe ich sie beiseitegelegt. Versuch es bitte noch einmal, vielleicht mit anderen Worten.
busy =
    { $limit ->
        [one] Hier wartet schon { $limit } Bild.
       *[other] Hier warten schon { $limit } Bilder.
    } Mehr kann ich erst annehmen, wenn wieder Platz ist: Schick diesen Wunsch dann bitte noch einmal.
busy-more = Hier warten schon so viele Nachrichten, dass ich deine letzten übergangen habe. Schick sie bitte noch einmal, wenn ich geantwortet habe.

note-ratio-ignored = Das Modell hat sich nicht an das Format { $ratio } gehalten.
note-ratio-nearest = { $model } kann { $ratio } nicht, darum habe ich um das nächste Format gebeten: { $nearest }.
note-size-ignored = Ich habe um die Größe { $size } gebeten, das Modell hat { $width } × { $height } Pixel gemacht.
note-model-replaced = { $old } wird nicht mehr angeboten, darum hat { $new } das gemalt. Von jetzt an malt dieses Modell; /model zeigt die anderen.
note-answered-instead = { $old } ist gerade nicht verfügbar, darum hat { $new } das gemalt.
note-wishes-unsaid = { $model } liest nur eine begrenzte Zahl von Zeichen auf einmal, deshalb bekommt es deine ältesten Wünsche nicht mehr. /context zeigt, wie viele.
note-unchanged = Das Modell hat dasselbe Bild zurückgegeben. Versuch es noch einmal, oder sag es anders.
note-only-resized = Das Bild zeigt dasselbe wie vorher; nur seine Größe ist anders, { $new } statt { $old } Pixel. Wenn du mehr wolltest, frag noch einmal, vielleicht mit anderen Worten.

## Der Baum in Bildern

tree =
    { $count ->
        [one] Bisher eine Antwort. Der Rahmen zeigt, wo wir sind.
       *[other] Bisher { $count } Antworten. Der Rahmen zeigt, wo wir sind; mit /go und einer Nummer geht es dorthin.
    }
number-in-words = Nummer { $number } habe ich mit Worten beantwortet, da gibt es kein Bild zum Vergleichen. /tree zeigt, welche eins haben.
no-such-number =
    { $count ->
        [0] Hier gibt es noch keine Bilder. Schick mir zuerst einen Wunsch.
        [one] Bisher gibt es nur Nummer 1. Mit /go 1 geht es dorthin.
       *[other] Welches? Die Nummern gehen von 1 bis { $count }: /tree zeigt sie, mit /go 2 geht es zum zweiten.
    }
nothing-to-show = Es gibt noch nichts zu zeigen. Schick mir zuerst einen Wunsch.
nothing-to-compare = Von diesem Bild gibt es bisher nur einen Stand. Ändere es zuerst, dann gibt es etwas zu zeigen.
label-before = vorher
label-after = nachher
compared = Vorher und nachher. /compare original zeigt den ersten Stand neben dem jetzigen.
compared-first = Der erste Stand und der jetzige.
timelapse =
    { $count ->
        [one] Ein Schritt.
       *[other] So ist es entstanden, in { $count } Schritten.
    }
context =
    Für deinen nächsten Wunsch sieht { $model } { $turns ->
        [0] { $pictures ->
            [0] kein früheres Bild
            [one] nur das aktuelle Bild
           *[other] { $pictures } Bilder
        }
       *[other] { $turns ->
            [one] den letzten Schritt
           *[other] die letzten { $turns } Schritte
        } und { $pictures ->
            [0] kein Bild
            [one] ein Bild
           *[other] { $pictures } Bilder
        }
    }, { $megabytes } MB.
offline-engine = das Offline-Programm
context-first-sent = Das erste Foto auf dem Weg zu diesem Bild ist immer dabei.
context-first-painted = Das erste Bild auf dem Weg zu diesem hier ist immer dabei.
context-told =
    { $count ->
        [one] Von einem älteren Schritt bekommt es nur den Wunsch, ohne Bilder.
       *[other] Von { $count } älteren Schritten bekommt es nur die Wünsche, ohne Bilder.
    }
context-unsaid =
    { $count ->
        [one] Den ältesten Wunsch bekommt es nicht: Das Modell liest nur eine begrenzte Zahl von Zeichen auf einmal.
       *[other] Die { $count } ältesten Wünsche bekommt es nicht: Das Modell liest nur eine begrenzte Zahl von Zeichen auf einmal.
    }
context-price = Die letzte Antwort hat etwa { $dollars } $ gekostet.
context-empty = Noch nichts: Deine nächste Nachricht beginnt ein neues Bild.
context-photo =
    { $count ->
        [1] Bisher nur, was geschickt wurde: ein Foto. Deine nächste Nachricht sagt, was ich damit machen soll.
       *[other] Bisher nur, was geschickt wurde: { $count } Fotos. Deine nächste Nachricht sagt, was ich damit machen soll.
    }

## Was aufbewahrt wird

save-how = Antworte auf ein Bild mit /save und einem Namen aus einem Wort, etwa /save hat. In späteren Wünschen kannst du dann @hat schreiben.
saved-as = Gemerkt. Nenn es in einem Wunsch, wenn ich es nehmen soll, etwa „mach @{ $name } schwarzweiß“.
saved-current = Ich habe mir das aktuelle Bild gemerkt. Telegram zeigt mir hier nicht, worauf du antwortest, außer es ist von mir. Schreib @{ $name } in einen Wunsch, und ich zeige das Bild dem Modell.
reply-unseen = Telegram zeigt mir hier nicht, worauf du antwortest, außer es ist von mir. Mach mich zum Admin dieser Gruppe, dann sehe ich es.
saved-list = Hier gemerkt: { $names }. Mit /drop und einem Namen vergesse ich eines.
saved-none = Hier hat noch kein Bild einen Namen. Antworte auf eines mit /save hat.
nothing-to-save = Hier gibt es noch kein Bild, das einen Namen bekommen könnte.
no-picture-there = In dieser Nachricht ist kein Bild. Antworte auf eines mit /save und einem Namen.
dropped = @{ $name } ist vergessen. Das Bild selbst bleibt.
name-unknown = Ein Bild mit dem Namen @{ $name } gibt es hier nicht. /saved zeigt alle.
exported =
    { $count ->
        [one] Ein Schritt: Bilder, eine Seite zum Lesen (index.html) und contents.json zum Wiederholen.
       *[other] { $count } Schritte: Bilder, eine Seite zum Lesen (index.html) und contents.json zum Wiederholen.
    }
exported-part = Teil { $number } von { $parts }: Schritte { $first } bis { $last }. Jeder Teil lässt sich einzeln öffnen.
exported-replay = Teil { $number } von { $parts }: contents.json, um alles zu wiederholen.
export-too-big = Dieses Gespräch hat { $megabytes } MB, zu viel, um es hier zu senden. Der Besitzer kann es in einen Ordner schreiben: pentimento export { $chat } ORDNER
export-no-room = Ich habe gerade keinen Platz, um die Datei zusammenzustellen. Bitte sag /export später noch einmal. Der Besitzer kann das Gespräch in einen Ordner schreiben: pentimento export { $chat } ORDNER
forget-ask =
    Was soll ich endgültig löschen? „Dieses Gespräch löschen“ betrifft alles in diesem Chat oder Thema, auch was vor /new war.

    Ich lösche, was ich aufbewahre. Was du in diesem Chat siehst, bleibt, bis du es in Telegram löschst, und eine Antwort darauf bringt es mir zurück.
forget-ask-group =
    Was soll ich endgültig löschen? „Dieses Gespräch löschen“ betrifft alles in diesem Chat oder Thema, auch was vor /new war. „Alles von mir löschen“ löscht dein privates Gespräch mit mir und deine Worte und Bilder in Gruppen; Antworten in Gruppen bleiben.

    Ich lösche, was ich aufbewahre. Was du in diesem Chat siehst, bleibt, bis du es in Telegram löschst, und eine Antwort darauf bringt es mir zurück.
forget-sure = Alles hier endgültig löschen: { $turns ->
        [one] einen Wunsch
       *[other] { $turns } Wünsche
    } und { $pictures ->
        [one] ein Bild
       *[other] { $pictures } Bilder
    }?
forget-sure-person = Deine Worte und Bilder in { $turns ->
        [one] einem Wunsch
       *[other] { $turns } Wünschen
    }, insgesamt { $pictures ->
        [one] ein Bild
       *[other] { $pictures } Bilder
    }, endgültig löschen?
forget-expired = Diese Frage ist mehr als zehn Minuten alt, darum habe ich alles so gelassen. /forget fragt noch einmal.
forget-not-yours = Das kann nur beantworten, wer gefragt wurde. /forget fragt noch einmal.
forget-painting = Ich male gerade noch ein Bild, das du gekauft hast. Drück den Knopf noch einmal, wenn es fertig ist.
forget-painting-for-other = Ich male gerade nach deinen Worten ein Bild, das jemand anders gekauft hat. Drück den Knopf noch einmal, wenn es fertig ist.
forget-admins-only = Nur Admins dieser Gruppe können ihr Gespräch löschen.
forget-kept = Es wurde nichts gelöscht.
forgotten = Gelöscht: { $turns } { $turns ->
        [one] Wunsch
       *[other] Wünsche
    } und { $pictures } { $pictures ->
        [one] Bild
       *[other] Bilder
    }.{ $shared ->
        [0] {""}
        [one] {" "}{ $shared } weiteres gehört auch zu einem anderen Chat und bleibt dort.
       *[other] {" "}{ $shared } weitere gehören auch zu anderen Chats und bleiben dort.
    }
forgotten-person = Gelöscht: deine Worte und Bilder in { $turns } { $turns ->
        [one] Wunsch
       *[other] Wünschen
    }, insgesamt { $pictures } { $pictures ->
        [one] Bild
       *[other] Bilder
    }.{ $shared ->
        [0] {""}
        [one] {" "}{ $shared } weiteres gehört auch zu einem anderen Chat und bleibt dort.
       *[other] {" "}{ $shared } weitere gehören auch zu anderen Chats und bleiben dort.
    }
forgotten-later = Eines steht noch aus: Ein anderes Programm hat die Datenbank des Bots geöffnet, darum liegen gelöschte Worte noch auf der Festplatte. Ich entferne sie, sobald es die Datenbank freigibt; du musst nichts tun.

## Einstellungen und Datenschutz

settings = Einstellungen für diesen Chat
settings-offline = In dieser Sandbox malt das Offline-Programm, egal welches Modell du wählst. Die Wahl ändert nur, welche Formate und Größen es gibt.
setting-ratio = Format: { $value }
setting-size = Größe: { $value }
setting-effort = Aufwand: { $value }
setting-words = Kommentare zum Bild: { $value }
setting-model = Modell: { $value }
setting-language = Sprache: { $value }
setting-buttons = Knöpfe: { $value }
setting-author = wer gefragt hat
setting-anyone = alle
setting-auto = automatisch
setting-on = an
setting-off = aus
effort-draft = Entwurf
effort-normal = normal
effort-careful = sorgfältig
choose-unknown = „{ $value }“ kann ich hier nicht wählen, deshalb bleibt alles, wie es war.
choose-elsewhere = { $model } bietet diese Wahl nicht. /model zeigt andere Modelle.
choose-ratio = Welches Format sollen neue Bilder haben? Ein Bild, das du änderst, behält seins. Nur für einen Wunsch: /ratio 16:9 und danach der Wunsch.
choose-size = Welche Größe sollen neue Bilder haben?
choose-effort = Wie viel Mühe soll sich { $model } geben? Ein Entwurf geht schneller; sorgfältig dauert länger und ist besser bei viel Text oder vielen Details.
choose-effort-elsewhere = Wie viel Mühe soll sich das Modell geben? { $model } bietet diese Wahl nicht; sie gilt für Modelle, die es tun.
choose-model = Welches Modell soll malen?
own-server = Eigener Server
choose-maker = Wessen Modell soll malen? Du kannst auch /model und den Namen eines Modells schreiben.
choose-language = Welche Sprache soll ich hier sprechen?
choose-buttons = Wer darf in dieser Gruppe die Knöpfe unter einer Antwort drücken?
allow-in-groups = /allow ist für Gruppen: Dort bestimmen die Admins, wer mich benutzen darf.
allow-admins-only = Nur Admins dieser Gruppe bestimmen, wer mich benutzen darf.
allow-everybody = Alle in dieser Gruppe dürfen mich benutzen.
allow-admins = Nur Admins dieser Gruppe dürfen mich benutzen.
allow-people = Mich dürfen die Admins dieser Gruppe benutzen und außerdem: { $names }.
allow-how = /allow everybody (alle), /allow admins (Admins), oder antworte mit /allow auf die Nachricht von jemandem.
not-allowed-here = In dieser Gruppe dürfen mich nur einige benutzen. Ein Admin kann dich mit /allow dazunehmen.
admins-unknown = Telegram sagt mir gerade nicht, wer diese Gruppe verwaltet, deshalb kann ich nicht nachsehen, ob du das darfst. Versuch es in ein paar Minuten noch einmal.
usage-none = Du hast mich noch um nichts gebeten.
usage-own =
    Bisher { $pictures ->
        [0] kein Bild
        [one] ein Bild
       *[other] { $pictures } Bilder
    } aus { $turns ->
        [one] einem Wunsch
       *[other] { $turns } Wünschen
    }, etwa { $dollars } $.
usage-offline =
    Bisher { $pictures ->
        [0] kein Bild
        [one] ein Bild
       *[other] { $pictures } Bilder
    } aus { $turns ->
        [one] einem Wunsch
       *[other] { $turns } Wünschen
    }. In der Sandbox ist alles kostenlos.
usage-everybody = Alle:
usage-line = • { $name }: { $turns } beantwortet, { $pictures } mit Bild, etwa { $dollars } $
usage-forgotten = Personen, deren Daten gelöscht sind
usage-all-calls = Alle Aufrufe zusammen, auch abgelehnte und abgebrochene, die berechnet werden können: etwa { $dollars } $
privacy = Was ich aufbewahre: die Nachrichten, die du mir schickst, mit ihren Bildern, meine Antworten, und was zu was gehört, damit du jederzeit von jedem Bild aus weitermachen kannst. Das alles bleibt auf dem Computer, auf dem ich laufe, bis du es mit /forget löschst oder der Besitzer es tut.
privacy-days = Nach { $days ->
        [one] einem Tag
       *[other] { $days } Tagen
    } lösche ich es von selbst, außer es hat einen Namen (/saved) oder du hast später daran weitergemacht.
privacy-room = Wenn meine Bilder mehr als { $gigabytes } GB brauchen, lösche ich das Älteste von selbst, außer es hat einen Namen (/saved) oder du hast später daran weitergemacht.
privacy-provider = Was ihn verlässt: Jeder Wunsch geht mit den früheren Wünschen, Antworten und Bildern dieses Gesprächs an { $provider }, ohne die Orts- und Kameradaten, die in Fotos stecken. In Gruppen gehen die Vornamen der Leute mit.
privacy-own = Was ihn verlässt: Jeder Wunsch geht mit den früheren Wünschen, Antworten und Bildern dieses Gesprächs an einen Server, den mein Besitzer betreibt, ohne die Orts- und Kameradaten, die in Fotos stecken. In Gruppen gehen die Vornamen der Leute mit.
privacy-relay = { $provider } (über { $host })
privacy-relay-own = { $provider } (über einen Server, den mein Besitzer betreibt)
privacy-instead = Wenn das nicht verfügbar ist, geht dasselbe stattdessen an { $others }.
privacy-instead-own = Wenn das nicht verfügbar ist, geht dasselbe an einen Server, den mein Besitzer betreibt.
privacy-instead-both = Wenn das nicht verfügbar ist, geht dasselbe stattdessen an { $others } oder an einen Server, den mein Besitzer betreibt.
privacy-offline = Was ihn verlässt: nichts. Das hier ist die Sandbox: Die Bilder kommen von einem kleinen Programm auf diesem Computer, und alles ist kostenlos.
privacy-uploads = Google behält größere Bilder 48 Stunden lang und löscht sie dann von selbst; mit /forget bitte ich es, das sofort zu tun.
privacy-voice = Sprach- und Videonachrichten gehen an { $provider }, um aufgeschrieben zu werden. Ich behalte die Worte, nicht die Aufnahme.
privacy-groups-meant = In Gruppen sehe ich nur Antworten an mich und Befehle. Wo ich Admin bin, sehe ich alle Nachrichten, bewahre aber nur die auf, die für mich bestimmt sind.
privacy-groups-all = In Gruppen sehe ich alle Nachrichten, bewahre aber nur die auf, die für mich bestimmt sind.
privacy-here-meant = In dieser Gruppe sehe ich nur Antworten an mich und Befehle.
privacy-here-all = In dieser Gruppe sehe ich alle Nachrichten, bewahre aber nur die auf, die für mich bestimmt sind.
privacy-here-unknown = In dieser Gruppe sehe ich vielleicht alle Nachrichten, bewahre aber nur die auf, die für mich bestimmt sind.
privacy-here-admin = Als Admin dieser Gruppe sehe ich alle Nachrichten, bewahre aber nur die auf, die für mich bestimmt sind.
privacy-elsewhere = In Chats, in denen ich kein Mitglied bin, sehe ich eine Nachricht nur, wenn sie mich ruft, und dazu die, auf die sie antwortet. Deinen Wunsch und meine Antwort bewahre ich auf wie hier. Was andere geschrieben oder geschickt haben, nutze ich nur für diesen Wunsch. Einen Tag lang behalte ich den Namen, unter dem Telegram ihr Bild herausgibt, damit „Noch einmal“ geht.
privacy-inline = Wenn du in irgendeinem Chat hinter meinem Namen schreibst, sehe ich, was du schreibst. Ich behalte nur, was du mich malen lässt.
privacy-staging = Wo ich keinen Chat mit dir habe, geht mein Bild zuerst für einen Moment in einen Chat meines Besitzers.
privacy-guests = Wo mein Besitzer entscheidet, wer mich nutzen darf, behalte ich Name und Nummer von allen, die gefragt haben, und bis dahin den ersten Wunsch. /forget löscht den Namen. Nummer und Entscheidung bleiben, damit eine Sperre nicht damit endet.
