## Von anderswo gerufen: als Gast in einem Chat anderer, oder durch eine Inline-Anfrage

inline-painting = Bin dran …
inline-painting-wish = Bin dran: { $wish }
inline-paint = Malen: { $wish }
inline-paint-about = Das Bild erscheint an der Stelle dieser Nachricht.
inline-soon = Ich arbeite noch daran. Das Bild erscheint dort von selbst.
inline-not-yours = Dieser Knopf ist für die Person, die mich gerufen hat. Du kannst mich auch rufen: Schreib meinen Namen und einen Wunsch.
inline-help = Schreib hinter meinen Namen, was du möchtest, etwa „ein Leuchtturm in der Dämmerung“. Oder antworte auf ein Foto, schreib meinen Namen und sag, was sich ändern soll.
inline-only-wishes = Hier mache ich nur Bilder. Für alles andere öffne einen Chat mit mir.
inline-not-served = Ich mache nicht für alle Bilder, und du stehst nicht auf meiner Liste. Frag die Person, die mich betreibt.
inline-not-yourself = Bitte ruf mich unter deinem eigenen Namen: Für anonyme Admins und Kanäle kann ich hier nicht malen.
inline-one = Hier mache ich eine Version. Für mehrere mach privat weiter.
inline-no-chat = Das Bild ist fertig. Damit ich es hier zeigen kann, musst du einmal einen Chat mit mir öffnen: Tipp auf den ersten Knopf, dann auf Start.
inline-lost = Ich habe nicht mehr, woraus das gemacht wurde. Ruf mich noch einmal, als Antwort auf dieselbe Nachricht.
inline-unheard = Ich habe nicht erfahren, was ich malen soll. Schreib stattdessen meinen Namen und deinen Wunsch in eine eigene Nachricht.
inline-forgotten = Du hast alles von dir löschen lassen, darum kommt hier kein Bild.
button-inline-ready = Ist es fertig?
button-inline-private = Privat weitermachen
button-inline-open = Chat mit mir öffnen
button-inline-show-here = Hier zeigen
went-on = Hier geht es weiter.
went-on-named = Hier geht es weiter mit „{ $wish }“.
went-on-words = Hier geht es weiter.
went-on-said = Hier geht es weiter.
