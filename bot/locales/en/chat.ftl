# Everything that the bot itself says. Errors of providers are in errors.ftl.

## Start and help

start =
    Hi! Tell me what to paint, or send a photo and say what to change.

    Try “a lighthouse at dusk”, or a photo with “make it black and white”. Then go on: “warmer”, “add a boat”. Reply to any older picture to go on from that one. To change one place only, draw around it with the pen of Telegram’s photo editor.

    /help shows how it works.
help =
    How it works
    • Describe a picture to make one, or a change to the current one.
    • A photo with a caption is edited. A photo without words waits for your next message.
    • To change one place only, draw around it with the pen of Telegram’s photo editor, and send the copy with your wish. If the photo is new to me, send it once without the strokes first.
    • Reply to any picture, mine or yours, to go on from that one.
    • Edit your message, and I do it again.
    • { $groups }

    What you need most
    { $commands }

    /x4 a cat makes four versions of a new wish. /help all shows all commands.
help-groups = In groups, reply to me or send /edit@{ $username } and a wish.
help-groups-mentions = In this group, mention me, reply to me or send /edit@{ $username } and a wish.
help-here = In this group, reply to me or send /edit@{ $username } and a wish.
help-in-group =
    How it works here
    • { $groups }
    • Describe a picture to make one, or a change to the current one.
    • A photo or an album with such a caption is edited. Sent to me as a reply and without words, it waits for a wish.
    • To change one place only, draw around it with the pen of Telegram’s photo editor, and send the copy as a reply.
    • Reply to any picture of mine to go on from that one.
    • { $pictures }
    • Edit your message, and I do it again.

    What you need most
    { $commands }

    /help all shows all commands.
help-pictures = To edit anybody’s picture, reply to it with /edit@{ $username } and a wish.
greeting =
    Hello! I paint and edit pictures here, together with all of you.

    Reply to this message with a wish or a photo, or send:
    /edit@{ $username } a lighthouse at dusk
greeting-privacy = I see only replies to me and commands here.
greeting-unseen = Here I see only replies to me and commands. If you reply to one of your own pictures, I can’t see that picture: send it with the wish as its caption.
greeting-reads-all = You can mention me, too: I can read all messages here, but only act on those that are meant for me.
greeting-admin = You can mention me, too: as an admin I can read all messages here, but only act on those that are meant for me.

not-served-chat = I am here for other groups only, so I am leaving. My owner decides where I work.
not-served-person = This bot is private. Ask its owner to add you: your number is { $id }.

unknown-command = I don’t know /{ $name }. /help shows what I can do.
only-command = From that message I used only /{ $name }. Please send the rest separately.
reply-unknown = That message is neither an answer of mine nor a wish that I answered, so I changed nothing. Reply to one of our pictures, or send /{ $name } by itself.
edit-of-several = Your wish came in several messages, so I can’t tell what this edit changes. Please send it again in one piece.
edit-of-recording = I go by what you say in it, so its caption changes nothing. To change the wish, say it anew, or write it.

## Moves in the tree

undone = ↩ Back to this one.
undone-named = ↩ Back to “{ $wish }”.
undone-words = ↩ Back to “{ $wish }”, which I answered with words.
undone-said = ↩ Back to an answer in words.
current-picture = This is the picture at that point.
undone-root = ↩ Back at the start. Send a new wish, or press Redo to return.
undone-root-waiting = ↩ Back at the start. Redo returns.
undone-photo =
    { $count ->
        [one] ↩ Back at the start: the photo as it came. Say what to do with it, or press Redo to return.
       *[other] ↩ Back at the start: the { $count } photos as they came. Say what to do with them, or press Redo to return.
    }
redone-root = ↪ Forward.
redone = ↪ Forward to this one.
redone-named = ↪ Forward to “{ $wish }”.
redone-words = ↪ Forward to “{ $wish }”, which I answered with words.
redone-said = ↪ Forward to an answer in words.
shown = Here it is once more.
shown-named = Here is “{ $wish }” once more.
chosen = ✓ We go on from this one.
chosen-named = ✓ We go on from this version of “{ $wish }”.
chosen-words = ✓ We go on from “{ $wish }”.
chosen-said = ✓ We go on from an answer in words.
fresh = ✨ Fresh start: your next message makes a new picture. To go back to an older one, reply to it, or send /undo.
fresh-waiting = ✨ Fresh start. To go back to an older picture, reply to it, or send /undo.
topic-name = New picture
topic-opened = ✨ We go on in a topic of its own: “{ $name }”.
nothing-to-undo = There is nothing to undo: we are at the beginning.
nothing-to-redo = There is nothing to redo.
nothing-to-repeat = There is nothing to repeat yet. Send me a wish first.
nothing-left-to-repeat = This wish was deleted, so there is nothing left to repeat.
nothing-to-file = There is no picture yet that I could send as a file.
nothing-to-cancel = I am not painting anything right now.
ended-by-block =
    { $count ->
        [one] You blocked me while one of your messages was waiting. I did nothing about it. Please send it again if you still want it.
       *[other] You blocked me while { $count } of your messages were waiting. I did nothing about them. Please send again what you still want.
    }
waiting-ended =
    { $count ->
        [one] All right, I’ll leave that picture alone. Reply to it with a wish if you want to use it after all.
       *[other] All right, I’ll leave those { $count } pictures alone. Reply to one with a wish if you want to use it after all.
    }
cancelled = Stopped, as if you had never asked.
cancelled-only = Stopped, as if you had never asked. From your message I used only /cancel: please send the rest separately.
cancelled-others =
    { $count ->
        [one] { $said } One more wish is waiting, and I begin it now; /cancel stops that one, too.
       *[other] { $said } { $count } more wishes are waiting, and I begin the next one now; /cancel stops that one, too.
    }
moved-on = That changed a moment ago. Please try again.
button-outdated = That button belongs to something that I no longer have.
taken-up = I have taken up this wish already, so I don’t make it a second time. If you want it once more, send it again.
retold = ✎ With your edited words “{ $wish }”:
not-your-button = The buttons under this answer are only for { $name }. You can change that in /settings.

## Buttons

button-again = 🔄 Again
button-vary = 🎲 Four versions
button-undo = ↩ Undo
button-new = ✨ New
button-file = 📎 File
button-each = 🧩 Each by itself
button-each-surely = Paint all { $count }
button-try-again = Try again
button-other-model = Another model
button-new-conversation = Start over
button-cancel = Cancel
button-show = Show it again
button-words = { $number ->
    [0] 💬 Read the answer in words
   *[other] 💬 Read the answer in words { $number }
}
button-forget-conversation = Delete this conversation
button-forget-person = Delete everything of mine
button-forget-surely = Delete for good
button-forget-nothing = Keep everything
button-admit = ✓ Admit
button-refuse = Refuse
button-block = 🚫 Block
button-unblock = Unblock
button-back = ‹ Back
button-page-before = ‹ Page { $number }
button-page-after = Page { $number } ›

## Pictures that came in

what-to-do =
    { $count ->
        [one] What should I do with this picture? Just write it.
       *[other] What should I do with these { $count } pictures? Just write it.
    }
what-to-do-group =
    { $count ->
        [one] What should I do with this picture? Reply to this message.
       *[other] What should I do with these { $count } pictures? Reply to this message.
    }
what-wish = What would you like? Just write it, or reply to a picture with a wish.
what-wish-group = What would you like? Reply to this message with your wish.
what-wish-unseen = What would you like? Reply to this message with your wish. If you replied to a picture, send that picture along: here Telegram shows me only replies to my own messages.
heard = 🎙 I understood: “{ $words }”
recording-empty = I heard no words in it. Please say it again, or write what you would like.
recording-too-long = I listen for { $limit_minutes } minutes at most. Please say it in fewer words, or write it.
recording-too-many = I listened to many messages of yours in this hour. Please write what you would like, or speak again later.
recording-unheard = I can’t listen to that at the moment. Please write what you would like, or try again later.
recording-interrupted = I was interrupted while I listened. Please say it again, or write it.
album-part = Telegram shows me only this one picture of your album. Send the album as a reply to a message of mine, and I see all of it.
marked-place = The same picture with a mark drawn on it. The wish is about the marked place alone: change only that, and leave out the drawn lines.
note-several =
    { $count ->
        [one] I used the picture that you sent before.
       *[other] I used the { $count } pictures that you sent one after another.
    }
each-offer = I can do that wish on each of these { $count } pictures by itself. That makes { $count } new pictures.
each-offer-priced = I can do that wish on each of these { $count } pictures by itself. That makes { $count } new pictures, for about ${ $dollars }.
left-out =
    { $count ->
        [one] I left one out. { $why }
       *[other] I left { $count } out. { $why }
    }
note-first-frame = It moves; I use its first frame.
note-first-page = It has several pages; I use the first one.
note-cover = It moves; I use the picture that was chosen for it.
note-sharp-frame = It moves; I use its first sharp picture.
note-small-frame = It moves; I use the small preview that Telegram shows of it.
note-page = I use page { $page } of { $count }. For another one, send the file again and name it, as in “page 2”.
note-first-page-small = I can’t open PDFs here; I use the small preview of its first page that Telegram shows.
note-raw-preview = It is a camera’s raw file; I use the preview that the camera put into it.
note-converted = I converted it for the model. Your original stays as it is.
note-shrunk = It is larger than any model takes, so I work with a smaller copy. Your original stays as it is.
note-flattened = Its transparent parts became white.
note-left-out =
    { $count ->
        [one] The model takes no more than { $limit } at once, so I left out the last picture.
       *[other] The model takes no more than { $limit } at once, so I left out the last { $count } pictures.
    }
note-advised = The model got all of them. It works best with no more than { $limit } pictures.
file-too-big = That file is larger than { $limit_mb } MB, which is all that Telegram lets bots fetch. Please send it smaller, or as a photo.
file-gone = Telegram no longer has that file. Please send it again.
file-elsewhere = Your file reached Telegram, but I can’t get at it: something is set up wrong where I run. Please tell the person who runs me.
not-a-picture = That is not a picture that I can read. Send a photo, or a PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP or TIFF file.
picture-unsupported = I can’t read that kind of picture. Send it as PNG, JPEG, WebP, HEIC or AVIF.
picture-raw = That is a camera’s raw file, and I see no large preview in it. Please send it as a JPEG.
picture-truncated = That picture is cut off: the end of the file is missing. Please send it again.
picture-damaged = That picture is damaged, so I can’t open it. Please send another copy.
picture-too-many-parts = That file has far more parts than a picture needs, so I don’t read it. Save the picture again as PNG or JPEG and send that.
picture-too-large-pixels = That picture has { $width_px } × { $height_px } pixels. I open pictures of its kind up to { $limit_megapixels } megapixels. Please send it smaller, or as a JPEG.
pdf-no-page =
    { $count ->
        [one] That PDF has only one page, so there is no page { $page }.
       *[other] That PDF has only { $count } pages, so there is no page { $page }.
    }
pdf-locked = That PDF needs a password. Send it without one, or send the page as a picture.
pdf-damaged = That PDF is damaged, so I can’t open it. Send another copy, or the page as a picture.
unusable-video = I can’t get a picture out of that video. Send me a photo, or a screenshot from it.
unusable-video_note = I can’t get a picture out of that video message. Send me a photo, or write what you would like.
unusable-voice = I can’t listen to voice messages. Please write what you would like.
unusable-audio = I can’t use audio. Send me words or a photo.
unusable-animation = I can’t get a still picture out of that animation. Send me a photo, or a screenshot from it.
unusable-own-film = That is a film that I made of our pictures, and I can’t change it. Reply to one of the pictures instead.
unusable-moving-sticker = That sticker moves, and Telegram shows me no still picture of it. A plain sticker or a photo works.
unusable-pdf = I can’t read that PDF here. Send the page as a picture, for example a screenshot.
unusable-deleted_file = The person who sent that picture has deleted it here. Send me a photo, or write what you would like.
unusable-document = I can’t use that kind of file. Send a photo, or a picture as a file (PNG, JPEG, WebP, HEIC, AVIF, GIF, BMP or TIFF).
unusable-other = I can’t use that kind of message. Send me words or a photo.

## While it is painted

progress-painting = 🎨 Painting…
progress-painting-long = 🎨 Painting… for { $seconds } s
progress-unstored = Your picture is ready, but I can’t store it right now. It comes as soon as I can.
progress-queued =
    { $number ->
        [one] You are next in line.
       *[other] You are number { $number } in line.
    }

## Answers

versions =
    { $missing ->
        [0] { $count } versions. Which one shall we continue with? ≈ makes four more like it.
        [one] { $count } versions; one did not come out. Which one shall we continue with? ≈ makes four more like it.
       *[other] { $count } versions; { $missing } did not come out. Which one shall we continue with? ≈ makes four more like it.
    }
versions-next = If you write on without choosing, I go on from number { $number }.
each-done =
    { $missing ->
        [0] Here they are, each by itself, in your order. Which one shall we go on from? You can also reply to one of them.
        [one] Here they are, each by itself, in your order; one did not come out. Which one shall we go on from?
       *[other] Here they are, each by itself, in your order; { $missing } did not come out. Which one shall we go on from?
    }
words-only-empty = The model answered without a picture and without words.
words-in-file = This answer is too long for a message: all of it is in the file.
topic-gone = The topic where you asked for this is gone, so the answer comes here.
show-unknown = I’m not sure that my picture reached you. If you don’t see it above, I can send it again.
pictures-ready = Here they are.
photo-refused = I have made your picture, but I am not allowed to send photos or files here. Ask an admin to allow it, then use /file.
file-refused = I am not allowed to send files here. Ask an admin to allow it, then ask me again.
interrupted = I was interrupted while painting this. It may have been paid for already. Shall I try again?
interrupted-again = I was interrupted twice while painting this, so I set it aside. You can try again.
picture-lost = A picture that this builds on is missing from my store. Please send it again or start over.
trouble = Something went wrong on my side with this message, so I set it aside. Please try again, perhaps in other words.
busy =
    { $limit ->
        [one] One picture is waiting here already.
       *[other] { $limit } pictures are waiting here already.
    } Until there is room again I can’t take more: please send this one once more then.
busy-more = So many messages are waiting here already that I skipped your last ones. Please send them again once I have answered.

note-ratio-ignored = The model did not keep to the shape { $ratio }.
note-ratio-nearest = { $model } does not make { $ratio }, so I asked for { $nearest }, which is nearest.
note-size-ignored = I asked for the size { $size }, and the model made { $width } × { $height } pixels.
note-model-replaced = { $old } is no longer offered, so { $new } painted this. It will paint from now on; /model shows the others.
note-answered-instead = { $old } is not available at the moment, so { $new } painted this.
note-wishes-unsaid = { $model } reads only a limited number of characters at a time, so it no longer gets your oldest wishes. /context shows how many.
note-unchanged = The model returned the same picture. Try once more, or say it differently.
note-only-resized = The picture shows the same as before; only its size changed, from { $old } to { $new } pixels. If you wished for more, ask again, perhaps in other words.

## The tree as pictures

tree =
    { $count ->
        [one] One answer so far. The frame marks where we are.
       *[other] { $count } answers so far. The frame marks where we are; /go and a number takes you there.
    }
number-in-words = Number { $number } was answered with words, so it has no picture to compare. /tree shows which ones have.
no-such-number =
    { $count ->
        [0] There are no pictures here yet. Send me a wish first.
        [one] There is only number 1 so far. /go 1 takes you there.
       *[other] Which one? The numbers go from 1 to { $count }: /tree shows them, /go 2 takes you to the second.
    }
nothing-to-show = There is nothing to show yet. Send me a wish first.
nothing-to-compare = There is only one state of this picture so far. Change it first, then there is something to show.
label-before = before
label-after = after
compared = Before and after. /compare original shows the first state beside the current one.
compared-first = The first state and the current one.
timelapse =
    { $count ->
        [one] One step.
       *[other] How it came to be, in { $count } steps.
    }
context =
    For your next wish { $model } sees { $turns ->
        [0] { $pictures ->
            [0] no earlier picture
            [one] the current picture only
           *[other] { $pictures } pictures
        }
       *[other] { $turns ->
            [one] the last step
           *[other] the last { $turns } steps
        } and { $pictures ->
            [0] no picture
            [one] one picture
           *[other] { $pictures } pictures
        }
    }, { $megabytes } MB.
offline-engine = the offline engine
context-first-sent = The first photo on the way to this picture is always among them.
context-first-painted = The first picture on the way to this one is always among them.
context-told =
    { $count ->
        [one] Of one older step it gets only the wish, without pictures.
       *[other] Of { $count } older steps it gets only the wishes, without pictures.
    }
context-unsaid =
    { $count ->
        [one] It does not get the oldest wish: the model reads only a limited number of characters at a time.
       *[other] It does not get the { $count } oldest wishes: the model reads only a limited number of characters at a time.
    }
context-price = The last answer cost about ${ $dollars }.
context-empty = Nothing yet: your next message starts a new picture.
context-photo =
    { $count ->
        [one] Only what was sent so far: one photo. Your next message says what to do with it.
       *[other] Only what was sent so far: { $count } photos. Your next message says what to do with them.
    }

## What is kept

save-how = Reply to a picture with /save and a name of one word, as in /save hat. Later wishes can then say @hat.
saved-as = Saved. Name it in a wish to use it, as in “make @{ $name } black and white”.
saved-current = I saved the current picture. Here Telegram does not show me what you reply to, unless I wrote it. Write @{ $name } in a wish, and I show the picture to the model.
reply-unseen = Here Telegram does not show me what you reply to, unless I wrote it. Make me an admin of this group to change that.
saved-list = Saved here: { $names }. /drop and a name forgets one.
saved-none = No picture has a name here yet. Reply to one with /save hat.
nothing-to-save = There is no picture here yet that could get a name.
no-picture-there = There is no picture in that message. Reply to one with /save and a name.
dropped = @{ $name } is forgotten. The picture itself stays.
name-unknown = There is no picture named @{ $name } here. /saved lists them.
exported =
    { $count ->
        [one] One step: pictures, a page to read (index.html), and contents.json to replay.
       *[other] { $count } steps: pictures, a page to read (index.html), and contents.json to replay.
    }
exported-part = Part { $number } of { $parts }: steps { $first } to { $last }. Each part opens by itself.
exported-replay = Part { $number } of { $parts }: contents.json, to replay everything.
export-too-big = This conversation has { $megabytes } MB, which is too much to send here. The owner can write it into a folder: pentimento export { $chat } FOLDER
export-no-room = I have no room right now to put the file together. Please say /export again later. The owner can write the conversation into a folder: pentimento export { $chat } FOLDER
forget-ask =
    What shall I delete for good? “Delete this conversation” covers everything in this chat or topic, also what came before /new.

    I delete what I keep. What you see in this chat stays until you delete it in Telegram, and a reply to it brings it back to me.
forget-ask-group =
    What shall I delete for good? “Delete this conversation” covers everything in this chat or topic, also what came before /new. “Delete everything of mine” deletes your private conversation with me, and your words and pictures in groups; answers in groups stay.

    I delete what I keep. What you see in this chat stays until you delete it in Telegram, and a reply to it brings it back to me.
forget-sure = Delete everything here for good: { $turns ->
        [one] one wish
       *[other] { $turns } wishes
    } and { $pictures ->
        [one] one picture
       *[other] { $pictures } pictures
    }?
forget-sure-person = Delete your words and pictures in { $turns ->
        [one] one wish
       *[other] { $turns } wishes
    }, { $pictures ->
        [one] one picture
       *[other] { $pictures } pictures
    } in all, for good?
forget-expired = That question is more than ten minutes old, so I left everything as it is. /forget asks again.
forget-not-yours = Only the person who was asked can answer that. /forget asks again.
forget-painting = I am still painting a picture that you bought. Press the button again when it is finished.
forget-painting-for-other = I am painting a picture from your words that somebody else bought. Press the button again when it is finished.
forget-admins-only = Only admins of this group can delete its conversation.
forget-kept = Nothing was deleted.
forgotten = Deleted: { $turns ->
        [one] { $turns } wish
       *[other] { $turns } wishes
    } and { $pictures ->
        [one] { $pictures } picture
       *[other] { $pictures } pictures
    }.{ $shared ->
        [0] {""}
        [one] {" "}{ $shared } more also belongs to another chat, so it stays there.
       *[other] {" "}{ $shared } more also belong to other chats, so they stay there.
    }
forgotten-person = Deleted: your words and pictures in { $turns ->
        [one] { $turns } wish
       *[other] { $turns } wishes
    }, { $pictures ->
        [one] { $pictures } picture
       *[other] { $pictures } pictures
    } in all.{ $shared ->
        [0] {""}
        [one] {" "}{ $shared } more also belongs to another chat, so it stays there.
       *[other] {" "}{ $shared } more also belong to other chats, so they stay there.
    }
forgotten-later = One thing is left: another program has the bot's database open, so deleted words are still on the disk. I remove them as soon as it lets go; you need not do anything.

## Settings and privacy

settings = Settings for this chat
settings-offline = In this sandbox the offline engine paints, whichever model you choose. The choice only changes the shapes and sizes on offer.
setting-ratio = Shape: { $value }
setting-size = Size: { $value }
setting-effort = Effort: { $value }
setting-words = Comments with pictures: { $value }
setting-model = Model: { $value }
setting-language = Language: { $value }
setting-buttons = Buttons: { $value }
setting-author = who asked
setting-anyone = anyone
setting-auto = automatic
setting-on = on
setting-off = off
effort-draft = draft
effort-normal = normal
effort-careful = careful
choose-unknown = I can’t choose “{ $value }” here, so nothing has changed.
choose-elsewhere = { $model } does not offer this choice. /model shows other models.
choose-ratio = Which shape should new pictures have? A picture that you change keeps its own. For just one wish: /ratio 16:9, then the wish.
choose-size = Which size should new pictures have?
choose-effort = How much effort should { $model } make? A draft is quicker; careful takes longer and is better with a lot of text or detail.
choose-effort-elsewhere = How much effort should the model make? { $model } does not offer this choice; it counts for models that do.
choose-model = Which model should paint?
own-server = Own server
choose-maker = Whose model should paint? You can also write /model and a model’s name.
choose-language = Which language should I speak here?
choose-buttons = Who may press the buttons under an answer in this group?
allow-in-groups = /allow is for groups: there, admins choose who may use me.
allow-admins-only = Only admins of this group decide who may use me.
allow-everybody = Everybody in this group may use me.
allow-admins = Only admins of this group may use me.
allow-people = Admins of this group may use me, and: { $names }.
allow-how = /allow everybody, /allow admins, or reply to somebody’s message with /allow.
not-allowed-here = Only some people may use me in this group. An admin can add you with /allow.
admins-unknown = Right now Telegram does not tell me who the admins of this group are, so I can’t check whether you may do this. Please try again in a few minutes.
usage-none = You have not asked me for anything yet.
usage-own =
    { $pictures ->
        [0] No picture
        [one] One picture
       *[other] { $pictures } pictures
    } from { $turns ->
        [one] one wish
       *[other] { $turns } wishes
    } so far, about ${ $dollars }.
usage-offline =
    { $pictures ->
        [0] No picture
        [one] One picture
       *[other] { $pictures } pictures
    } from { $turns ->
        [one] one wish
       *[other] { $turns } wishes
    } so far. In the sandbox nothing costs anything.
usage-everybody = Everybody:
usage-line = • { $name }: { $turns } answered, { $pictures } with a picture, about ${ $dollars }
usage-forgotten = People whose data was deleted
usage-all-calls = All calls together, also those that were refused or stopped and may be billed: about ${ $dollars }
privacy = What I keep: the messages that you send to me with their pictures, my answers, and which belongs to which, so that you can go on from any picture at any time. They stay on the computer where I run, until you delete them with /forget or the owner does.
privacy-days = After { $days ->
        [one] a day
       *[other] { $days } days
    } I delete it by myself, unless it has a name (/saved) or you went on from it later.
privacy-room = When my pictures take more than { $gigabytes } GB, I delete the oldest by myself, unless it has a name (/saved) or you went on from it later.
privacy-provider = What leaves it: each wish goes to { $provider } with the earlier wishes, answers and pictures of this conversation, without the place and camera data that photos carry. In groups, people’s first names go along.
privacy-own = What leaves it: each wish goes to a server that my owner runs, with the earlier wishes, answers and pictures of this conversation, without the place and camera data that photos carry. In groups, people’s first names go along.
privacy-relay = { $provider } (through { $host })
privacy-relay-own = { $provider } (through a server that my owner runs)
privacy-instead = When that is not available, the same goes to { $others } instead.
privacy-instead-own = When that is not available, the same goes to a server that my owner runs.
privacy-instead-both = When that is not available, the same goes to { $others } instead, or to a server that my owner runs.
privacy-offline = What leaves it: nothing. This is the sandbox: the pictures come from a small engine on this machine, and nothing costs anything.
privacy-uploads = Google keeps larger pictures for 48 hours and then deletes them by itself; /forget asks it to do so at once.
privacy-voice = Voice and video messages go to { $provider } to be written down. I keep their words, not the recording.
privacy-groups-meant = In groups I see only replies to me and commands. Where I am an admin I see all messages, but I keep only those that are meant for me.
privacy-groups-all = In groups I see all messages, but I keep only those that are meant for me.
privacy-here-meant = In this group I see only replies to me and commands.
privacy-here-all = In this group I see all messages, but I keep only those that are meant for me.
privacy-here-unknown = In this group I may see all messages, but I keep only those that are meant for me.
privacy-here-admin = As an admin of this group I see all messages, but I keep only those that are meant for me.
privacy-elsewhere = In chats where I am no member I see a message only when it calls me, with the one that it replies to. Your wish and my answer I keep as I do here. What others wrote or sent I use for that wish alone. For a day I keep the name under which Telegram gives out their picture, so that “Again” works.
privacy-inline = When you type after my name in any chat, I see what you type. I keep only what you let me paint.
privacy-staging = Where I have no chat with you, my picture first goes to a chat of my owner for a moment.
privacy-guests = Where my owner decides who may use me, I keep the name and number of whoever asked and the first wish until then. /forget deletes the name. The number and the decision stay, so that a block does not end with it.
