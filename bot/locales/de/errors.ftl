# Sätze für gescheiterte Runden. Die Schlüssel sind die der Klassen in bot/providers/errors.py.

cannot-edit = { $model } malt nur nach Worten und kann keine Bilder ändern. Wähl ein anderes Modell und schick deinen Wunsch noch einmal.
too-many-pictures = { $model } nimmt höchstens { $limit ->
    [one] ein Bild
   *[other] { $limit } Bilder
} auf einmal, und hier sind es { $count }. Schick weniger, oder wähl ein anderes Modell.
ratio-unsupported = { $model } kann das Format { $wanted } nicht. Zur Wahl: { $known }. Ändere das Format in /settings, oder wähl ein anderes Modell.
size-unsupported = { $model } kann die Größe { $wanted } nicht. Zur Wahl: { $known }. Ändere die Größe in /settings, oder wähl ein anderes Modell.
picture-type-unsupported = { $model } liest keine { $type }-Dateien. Schick das Bild als JPEG oder PNG.
words-missing = Sag bitte in Worten, was aus dem Bild werden soll.

refused-prompt = Die Anfrage wurde blockiert, bevor etwas gezeichnet wurde. Ändere die Worte oder die Bilder.
refused-prompt-explained = Die Anfrage wurde blockiert, bevor etwas gezeichnet wurde. Ändere die Worte oder die Bilder. Der Anbieter sagt: { $explanation }
refused-picture-prompt = Der Sicherheitsfilter hat die Anfrage blockiert, wegen der Worte oder eines angehängten Bildes. Ändere eines davon.
refused-picture-prompt-explained = Der Sicherheitsfilter hat die Anfrage blockiert, wegen der Worte oder eines angehängten Bildes. Ändere eines davon. Der Anbieter sagt: { $explanation }
refused-safety = Der Sicherheitsfilter hat diese Antwort angehalten. Formulier den Wunsch anders.
refused-safety-explained = Der Sicherheitsfilter hat diese Antwort angehalten ({ $explanation }). Formulier den Wunsch anders.
refused-picture = Das Bild war fertig, aber der Sicherheitsfilter hat es zurückgehalten. Versuch es noch einmal, oder formulier den Wunsch anders.
refused-picture-explained = Das Bild war fertig, aber der Sicherheitsfilter hat es zurückgehalten. Versuch es noch einmal, oder formulier den Wunsch anders. Der Anbieter sagt: { $explanation }
refused-prohibited = Der Anbieter lehnt dieses Bild wegen seiner Inhaltsregeln ab. Wünsch dir etwas anderes.
refused-prohibited-explained = Der Anbieter lehnt dieses Bild wegen seiner Inhaltsregeln ab. Seine Erklärung: { $explanation }
refused-recitation = Das Ergebnis kam einem bestehenden Werk zu nahe. Wünsch dir etwas Eigenständigeres.
refused-recitation-explained = Das Ergebnis kam einem bestehenden Werk zu nahe. Wünsch dir etwas Eigenständigeres. Der Anbieter sagt: { $explanation }
refused-language = Das Modell arbeitet nicht in dieser Sprache. Versuch denselben Wunsch auf Englisch.
refused-language-explained = Das Modell arbeitet nicht in dieser Sprache. Versuch denselben Wunsch auf Englisch. Der Anbieter sagt: { $explanation }
refused-privacy = Die Anfrage scheint persönliche Daten zu enthalten, die der Anbieter nicht verarbeitet. Lass sie weg und versuch es noch einmal.
refused-privacy-explained = Die Anfrage scheint persönliche Daten zu enthalten, die der Anbieter nicht verarbeitet. Lass sie weg und versuch es noch einmal. Der Anbieter sagt: { $explanation }
refused-moderation = Die Moderation hat die Anfrage abgelehnt. Formulier sie anders.
refused-moderation-explained = Die Moderation hat die Anfrage abgelehnt ({ $explanation }). Formulier sie anders.
refused-other = Der Anbieter hat diese Anfrage ohne Begründung abgelehnt. Versuch es noch einmal, oder formulier sie anders.
refused-other-explained = Der Anbieter hat diese Anfrage abgelehnt. Seine Erklärung: { $explanation }

nothing-returned = Das Modell hat nichts zurückgegeben. Ich habe es noch einmal versucht; wenn es wieder passiert, formulier den Wunsch bitte anders.
nothing-drawn = Das Modell hat dafür nichts gezeichnet. Sag klar, was das Bild zeigen soll.
could-not-draw = Der Anbieter konnte dieses Bild nicht machen. Ich habe es noch einmal versucht; formulier es bitte anders, oder versuch es später.
could-not-draw-explained = Der Anbieter konnte dieses Bild nicht machen. Seine Erklärung: { $explanation }
cut-short = Die Antwort brach ab, bevor ein Bild erschien. Kürz den Wunsch, oder beginn ein neues Gespräch.
malformed-answer = Das Modell hat zweimal unverständlich geantwortet. Formulier den Wunsch bitte anders, oder versuch es später.
unknown-finish = Das Modell hat ohne Bild aufgehört, Grund: „{ $reason }“. Formulier den Wunsch bitte anders, oder versuch es noch einmal.
unknown-finish-explained = Das Modell hat ohne Bild aufgehört, Grund: „{ $reason }“. Seine Erklärung: { $explanation }

signature-missing = Das gespeicherte Gespräch ließ sich so nicht fortsetzen. Beginn ein neues, oder antworte auf das Bild, das du ändern willst.

rejected = Der Anbieter hat die Anfrage abgewiesen. Ein anderes Modell nimmt sie vielleicht.
rejected-explained = Der Anbieter hat die Anfrage abgewiesen: { $explanation }
unknown-field = Der Anbieter kennt eine der Einstellungen nicht ({ $field }). Ändere sie in /settings, oder wähl ein anderes Modell.
one-picture-only = Dieses Modell macht ein Bild je Anfrage. Bitte um eines, und für mehr nimm „Noch einmal“.
picture-unusable = Der Anbieter kann eines der Bilder nicht verarbeiten. Schick es noch einmal als JPEG oder PNG, oder lass es weg.
picture-unreadable = Ein Bild dieses Gesprächs lässt sich hier nicht mehr lesen. Beginn ein neues Gespräch und schick das Bild noch einmal.
wrong-address = Dieser Bot ist nicht richtig mit dem Anbieter verbunden.

key-invalid = Der API-Schlüssel dieses Bots ist ungültig.
key-disabled = Der Anbieter hat den API-Schlüssel dieses Bots abgeschaltet.
account-restricted = Der Anbieter hat das Konto dieses Bots eingeschränkt.
not-permitted = Der API-Schlüssel dieses Bots darf dieses Modell nicht benutzen.
not-permitted-explained = Der API-Schlüssel dieses Bots darf dieses Modell nicht benutzen. Der Anbieter sagt: { $explanation }
region-blocked = Der Anbieter bedient den Ort nicht, an dem dieser Bot läuft.
balance-empty = Das Guthaben dieses Bots beim Anbieter ist aufgebraucht.
model-unavailable = Das Modell { $model } wird nicht mehr angeboten. Wähl mit /model ein anderes.

rate-limited = Gerade sind es zu viele Anfragen. Versuch es bitte in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
} noch einmal.
daily-quota = Das Tageskontingent dieses Modells ist aufgebraucht. Um Mitternacht pazifischer Zeit gibt es ein neues; ein anderes Modell geht vielleicht jetzt schon.
no-paid-access = Der Schlüssel dieses Bots hat keinen bezahlten Zugang zu diesem Modell. Ein anderes Modell geht vielleicht.
model-overloaded = Das Modell ist überlastet. Ich habe es mehrmals versucht; versuch es bitte in ein paar Minuten, oder wähl ein anderes Modell.
queue-full = Gerade warten viele Leute auf diesen Bot. Versuch es bitte in ein paar Minuten noch einmal.
internal-error = Beim Anbieter trat jedes Mal ein interner Fehler auf. Versuch es bitte später, oder wähl ein anderes Modell.
gateway-error = Der Anbieter ist gerade nicht erreichbar. Versuch es bitte in ein paar Minuten noch einmal.
no-channel = Der Vermittler hat keinen freien Kanal für dieses Modell. Versuch es bitte später, oder wähl ein anderes Modell.
connection-failed = Ich konnte keine Verbindung zum Anbieter herstellen. Versuch es bitte in ein paar Minuten noch einmal.
upload-failed = Das Bild ließ sich nicht zum Anbieter hochladen, darum wurde nichts gemalt. Versuch es bitte in ein paar Minuten noch einmal.
upload-failed-explained = Das Bild ließ sich nicht zum Anbieter hochladen, darum wurde nichts gemalt. Seine Erklärung: { $explanation }

deadline-passed = Der Anbieter hat zweimal zu lange gebraucht. Versuch es bitte noch einmal, vielleicht mit einem einfacheren Wunsch.
cancelled-upstream = Die Anfrage wurde beim Anbieter zweimal abgebrochen. Versuch es bitte noch einmal.
cut-off = Es kam keine Antwort in der vorgesehenen Zeit. Vielleicht ist sie schon bezahlt, deshalb habe ich nicht von selbst wiederholt. Noch einmal versuchen?
answer-lost = Die Verbindung zum Anbieter brach ab, bevor die Antwort da war. Vielleicht ist sie schon bezahlt, deshalb habe ich nicht von selbst wiederholt. Noch einmal versuchen?

empty-body = Der Anbieter hat zweimal eine leere Antwort geschickt. Versuch es bitte später.
damaged-body = Die Antwort kam zweimal beschädigt an. Versuch es bitte noch einmal.
damaged-picture = Der Anbieter hat zweimal ein beschädigtes Bild geschickt. Versuch es bitte noch einmal.
answer-not-a-picture = Der Anbieter hat zweimal etwas geschickt, das kein Bild ist. Versuch es bitte noch einmal.
connection-lost = Die Verbindung zum Anbieter brach zweimal ab. Versuch es bitte noch einmal.
link-failed = Das Bild ist fertig, aber ich konnte es nicht vom Anbieter holen. Versuch es bitte noch einmal.
link-refused = Das Bild ist fertig, liegt aber an einer Adresse, die dieser Bot nicht öffnet.

request-too-large = Dieses Gespräch hat zu viele Bilder, oder sie sind zu groß. Schick weniger, oder beginn ein neues Gespräch.
prompt-too-long = Das sind mehr Wörter, als der Anbieter auf einmal nimmt. Sag es bitte kürzer.
answer-too-large = Das Bild ist zu groß (über { $limit } MB). Wähl eine kleinere Größe.
picture-too-large = Das Bild hat mehr Pixel, als dieser Bot verarbeiten kann. Wähl eine kleinere Größe.

# Was der Bot selbst geändert hat, bevor die Antwort kam.
remedy-degrade-history = Das gespeicherte Gespräch ließ sich so nicht fortsetzen; ich habe nur mit dem letzten Bild weitergemacht.
remedy-trim-history = Das war mehr, als der Anbieter auf einmal nimmt; von den ältesten Schritten habe ich nur die Worte geschickt.
remedy-without-field = Der Anbieter kennt eine der Einstellungen nicht; ich habe es ohne sie versucht.
remedy-with-text = Das Modell hatte nichts gezeichnet, deshalb durfte es auch mit Worten antworten.

# Gezeigt und heruntergezählt, während ein Versuch auf die Wiederholung wartet.
waiting-rate-limited = Zu viele Anfragen; ich versuche es in { $seconds } s noch einmal.
waiting-overloaded = Das Modell ist überlastet; ich versuche es in { $seconds } s noch einmal.
waiting-trouble = Der Anbieter hatte ein Problem; ich versuche es in { $seconds } s noch einmal.
