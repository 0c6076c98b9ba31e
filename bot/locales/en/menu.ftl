# The name of the language and the menu of commands: the bot needs these of every language at its start.

language-name = English

command-start = What I do
command-edit = Paint or change a picture, as in /edit warmer
command-help = All commands
command-new = Start over
command-undo = Go one picture back
command-redo = Go forward again
command-again = Same wish once more
command-x4 = Four versions of a wish
command-tree = All pictures of this conversation
command-go = Go to a numbered picture, as in /go 7
command-compare = Before and after
command-timelapse = How the picture came to be
command-context = What the model sees
command-save = Remember a picture by name, as in /save hat
command-saved = Remembered pictures
command-drop = Forget a name, as in /drop hat
command-export = This conversation as a zip
command-forget = Delete what I keep
command-file = The picture as a file, in full quality
command-cancel = Stop what I am painting
command-allow = Who may use me in this group
command-limit = How many pictures this group may have
command-settings = Shape, size, effort, model, language
command-model = Choose the model
command-ratio = Choose the shape, as in /ratio 16:9
command-size = Choose the size
command-effort = Draft, normal or careful
command-language = Choose my language
command-usage = What it cost
command-privacy = What I keep
command-people = Who uses me, and what it came to
command-admit = Let somebody in, by number
command-block = Block somebody, by number
command-unblock = Let somebody in again
