# 机器人自己说的所有话。服务商的错误在 errors.ftl 中。

## 开始和帮助

start =
    你好！告诉我画什么，或发一张照片并说说怎么改。

    试试“黄昏的灯塔”，或发一张照片并写上“改成黑白”。然后接着说：“再暖一点”“加一条船”。回复任意一张之前的图片，就从那一张继续。只想改一个地方，就用 Telegram 照片编辑器的画笔把它圈出来。

    /help 说明怎么用。
help =
    使用方法
    • 描述一张图，我就画出来；或者说说当前的图怎么改。
    • 带说明的照片会被修改。没有文字的照片会等你的下一条消息。
    • 只想改一个地方，就用 Telegram 照片编辑器的画笔把它圈出来，连同你的想法一起发来。如果是新照片，请先发一次没有笔迹的原图。
    • 回复任意一张图片，我的或你的，就从那一张继续。
    • 编辑你的消息，我会重新做一次。
    • { $groups }

    最常用的
    { $commands }

    /x4 一只猫 会为一个新想法画四个版本。/help 全部 显示所有命令。
help-groups = 在群组里，请回复我，或发送 /edit@{ $username } 加上想法。
help-groups-mentions = 在本群里，请提及我、回复我，或发送 /edit@{ $username } 加上想法。
help-here = 在本群里，请回复我，或发送 /edit@{ $username } 加上想法。
help-in-group =
    在这里的使用方法
    • { $groups }
    • 描述一张图，我就画出来；或者说说当前的图怎么改。
    • 带有这种说明的照片或相册会被修改。以回复我的方式发来、但没有文字的，会等你的想法。
    • 只想改一个地方，就用 Telegram 照片编辑器的画笔把它圈出来，以回复的方式发来。
    • 回复我的任意一张图片，就从那一张继续。
    • { $pictures }
    • 编辑你的消息，我会重新做一次。

    最常用的
    { $commands }

    /help 全部 显示所有命令。
help-pictures = 用 /edit@{ $username } 加上想法回复任何人的图片，我就修改那一张。
greeting =
    大家好！我在这里和大家一起画图、改图。

    用想法或照片回复这条消息，或发送：
    /edit@{ $username } 黄昏的灯塔
greeting-privacy = 我在这里只能看到回复我的消息和命令。
greeting-unseen = 我在这里只能看到命令和回复我的消息。如果你们回复的是自己发的图片，我看不到那张图片：请发送它，并把想法写在说明里。
greeting-reads-all = 也可以提及我：我能读到这里的所有消息，但只处理发给我的那些。
greeting-admin = 也可以提及我：作为管理员，我能读到这里的所有消息，但只处理发给我的那些。

not-served-chat = 我只为其他群组服务，所以现在退出。在哪里工作由我的主人决定。
not-served-person = 这是一个私人机器人。请让主人添加你：你的编号是 { $id }。

unknown-command = 我不认识 /{ $name }。/help 显示我能做的事。
only-command = 那条消息我只用了 /{ $name }。其余内容请单独发给我。
reply-unknown = 那条消息既不是我的回答，也不是我完成过的想法，所以我什么都没改。请回复我们的某张图片，或单独发送 /{ $name }。
edit-of-several = 你的想法是分几条消息发来的，我看不出这次改了哪里。请合成一条再发一次。
edit-of-recording = 我只看你在里面说的话，所以改说明没有作用。想改想法，请重新说一遍，或写下来。

## 图片树的变化

undone = ↩ 回到这一张。
undone-named = ↩ 回到“{ $wish }”。
undone-words = ↩ 回到“{ $wish }”，当时我用文字回答。
undone-said = ↩ 回到一个文字回答。
current-picture = 这是当时的图片。
undone-root = ↩ 回到最开始了。发一个新想法，或按“重做”返回。
undone-root-waiting = ↩ 回到最开始了。“重做”可以返回。
undone-photo =
    { $count ->
        [1] ↩ 回到最开始了：照片还是原样。说说想怎么改，或按“重做”返回。
       *[other] ↩ 回到最开始了：{ $count } 张照片还是原样。说说想怎么改，或按“重做”返回。
    }
redone-root = ↪ 前进。
redone = ↪ 前进到这一张。
redone-named = ↪ 前进到“{ $wish }”。
redone-words = ↪ 前进到“{ $wish }”，当时我用文字回答。
redone-said = ↪ 前进到一个文字回答。
shown = 再给你看一次。
shown-named = 再给你看一次“{ $wish }”。
chosen = ✓ 我们从这一张继续。
chosen-named = ✓ 我们从这一张“{ $wish }”继续。
chosen-words = ✓ 我们从“{ $wish }”继续。
chosen-said = ✓ 我们从一个文字回答继续。
fresh = ✨ 重新开始：你的下一条消息会画一张新图。想回到之前的图，就回复它，或发送 /undo。
fresh-waiting = ✨ 重新开始。想回到之前的图，就回复它，或发送 /undo。
topic-name = 新图片
topic-opened = ✨ 我们在单独的话题里继续：“{ $name }”。
nothing-to-undo = 没有可以撤销的：我们在最开始。
nothing-to-redo = 没有可以重做的。
nothing-to-repeat = 还没有可以重复的。先发一个想法给我吧。
nothing-left-to-repeat = 这个想法已经删除，没有什么可以重复的了。
nothing-to-file = 还没有可以作为文件发送的图片。
nothing-to-cancel = 我现在没有在画图。
ended-by-block = 你屏蔽我的时候，还有 { $count } 条消息在等待。我没有处理。如果还需要，请再发一次。
waiting-ended =
    { $count ->
        [1] 好的，这张图片我先不动。如果还想用它，请回复它并写上想法。
       *[other] 好的，这 { $count } 张图片我先不动。如果还想用其中一张，请回复它并写上想法。
    }
cancelled = 已停止，就当你没说过。
cancelled-only = 已停止，就当你没说过。你的消息我只用了 /cancel：其余内容请单独发给我。
cancelled-others =
    { $count ->
        [1] { $said }还有一个想法在等，我现在就开始；/cancel 也可以把它停下。
       *[other] { $said }还有 { $count } 个想法在等，我现在开始下一个；/cancel 也可以把它停下。
    }
moved-on = 刚才情况变了，请再试一次。
button-outdated = 这个按钮对应的内容我已经没有了。
taken-up = 这个想法我已经接下了，不会再做一遍。如果还想要一次，请重新发送。
retold = ✎ 按你修改后的文字“{ $wish }”：
not-your-button = 这个回答下面的按钮只给 { $name } 使用。可以在 /settings 里更改。

## 按钮

button-again = 🔄 再来一次
button-vary = 🎲 四个版本
button-undo = ↩ 撤销
button-new = ✨ 新图
button-file = 📎 文件
button-each = 🧩 逐张处理
button-each-surely = 全部 { $count } 张都画
button-try-again = 再试一次
button-other-model = 换个模型
button-new-conversation = 重新开始
button-cancel = 取消
button-show = 再显示一次
button-words = { $number ->
    [0] 💬 查看文字回答
   *[other] 💬 查看文字回答 { $number }
}
button-forget-conversation = 删除本对话
button-forget-person = 删除我的全部内容
button-forget-surely = 永久删除
button-forget-nothing = 全部保留
button-admit = ✓ 允许
button-refuse = 拒绝
button-block = 🚫 屏蔽
button-unblock = 取消屏蔽
button-back = ‹ 返回
button-page-before = ‹ 第 { $number } 页
button-page-after = 第 { $number } 页 ›

## 收到的图片

what-to-do =
    { $count ->
        [1] 要我怎么处理这张图片？直接写给我就行。
       *[other] 要我怎么处理这 { $count } 张图片？直接写给我就行。
    }
what-to-do-group =
    { $count ->
        [1] 要我怎么处理这张图片？请回复这条消息。
       *[other] 要我怎么处理这 { $count } 张图片？请回复这条消息。
    }
what-wish = 你想要什么？直接写给我，或回复一张图片并写上想法。
what-wish-group = 你想要什么？请回复这条消息，写上你的想法。
what-wish-unseen = 你想要什么？请回复这条消息，写上你的想法；如果你刚才回复的是一张图片，请把它一起发来：在这里 Telegram 只让我看到回复我的消息。
heard = 🎙 我听到的是：“{ $words }”
recording-empty = 我没有听到话语。请再说一遍，或把想法写下来。
recording-too-long = 我最多听 { $limit_minutes } 分钟。请说得短一些，或写下来。
recording-too-many = 这一小时里我已经听了你很多条消息。请写下你的想法，或过一会儿再说。
recording-unheard = 我现在听不了。请把想法写下来，或稍后再试。
recording-interrupted = 我在听的时候被打断了。请再说一遍，或写下来。
album-part = Telegram 只让我看到这个相册里的这一张图片。请用相册回复我的一条消息，我就能看到全部。
marked-place = 同一张图片，上面画了标记。想法只针对标记的位置：只修改那里，并去掉画上的线条。
note-several =
    { $count ->
        [1] 我用了你之前发的图片。
       *[other] 我用了你先后发来的 { $count } 张图片。
    }
each-offer = 我可以对这 { $count } 张图片逐张照做，会得到 { $count } 张新图片。
each-offer-priced = 我可以对这 { $count } 张图片逐张照做，会得到 { $count } 张新图片，大约 { $dollars } 美元。
left-out =
    { $count ->
        [1] 有一个我没有用。{ $why }
       *[other] 有 { $count } 个我没有用。{ $why }
    }
note-first-frame = 这是动图；我使用它的第一帧。
note-first-page = 它有多页；我使用第一页。
note-cover = 这是会动的画面；我使用为它选定的封面。
note-sharp-frame = 这是会动的画面；我使用第一帧清晰的画面。
note-small-frame = 这是会动的画面；我使用 Telegram 显示的小预览图。
note-page = 我使用第 { $page } 页，共 { $count } 页。想用别的页，请再发一次文件并写明，比如“第2页”。
note-first-page-small = 我在这里打不开 PDF；我使用 Telegram 显示的首页小预览图。
note-raw-preview = 这是相机的 RAW 文件；我使用相机存在里面的预览图。
note-converted = 我为模型转换了格式。你的原图保持不变。
note-shrunk = 它超出了所有模型的上限，所以我使用缩小的副本。你的原图保持不变。
note-flattened = 透明部分变成了白色。
note-left-out =
    { $count ->
        [1] 模型一次最多接受 { $limit } 张图片，所以我略去了最后一张。
       *[other] 模型一次最多接受 { $limit } 张图片，所以我略去了最后 { $count } 张。
    }
note-advised = 模型收到了全部图片。图片不超过 { $limit } 张时效果最好。
file-too-big = 这个文件超过 { $limit_mb } MB，Telegram 不允许机器人下载更大的文件。请发小一点的，或以照片发送。
file-gone = Telegram 上已经没有这个文件了，请重新发送。
file-elsewhere = 你的文件已经到了 Telegram，但我取不到它：我运行的地方有设置出了错。请告诉运行我的人。
not-a-picture = 这不是我能读取的图片。请发照片，或 PNG、JPEG、WebP、HEIC、AVIF、GIF、BMP、TIFF 文件。
picture-unsupported = 我读不了这种图片。请以 PNG、JPEG、WebP、HEIC 或 AVIF 发送。
picture-raw = 这是相机的 RAW 文件，里面没有足够大的预览图。请以 JPEG 发送。
picture-truncated = 这张图片不完整：文件结尾缺失。请重新发送。
picture-damaged = 这张图片已损坏，我打不开。请换一份发送。
picture-too-many-parts = 这个文件的组成部分远远超过一张图片所需，所以我不读取它。请把图片重新保存为 PNG 或 JPEG 再发送。
picture-too-large-pixels = 这张图片有 { $width_px } × { $height_px } 像素。这类图片我最多能打开 { $limit_megapixels } 百万像素。请发小一点的，或以 JPEG 发送。
pdf-no-page = 这个 PDF 只有 { $count } 页，没有第 { $page } 页。
pdf-locked = 这个 PDF 需要密码。请发没有密码的文件，或把那一页以图片发来。
pdf-damaged = 这个 PDF 已损坏，我打不开。请再发一份，或把那一页以图片发来。
unusable-video = 我没法从这个视频里取出画面。请发照片，或视频截图。
unusable-video_note = 我没法从这条视频消息里取出画面。请发照片，或把想法写下来。
unusable-voice = 我听不了语音消息。请把想法写下来。
unusable-audio = 我用不了音频。请发文字或照片。
unusable-animation = 我没法从这个动画里取出静止画面。请发照片，或动画截图。
unusable-own-film = 这是我用我们的图片做成的短片，我改不了它。请回复其中一张图片。
unusable-moving-sticker = 这个贴纸会动，而 Telegram 没有给我它的静止画面。普通贴纸或照片都可以。
unusable-pdf = 我在这里读不了这个 PDF。请把那一页以图片发来，比如截图。
unusable-deleted_file = 发送这张图片的人已经在这里把它删除了。请发一张照片，或写下你想要什么。
unusable-document = 我用不了这种文件。请发照片，或以文件发送图片（PNG、JPEG、WebP、HEIC、AVIF、GIF、BMP 或 TIFF）。
unusable-other = 我用不了这种消息。请发文字或照片。

## 正在画图时

progress-painting = 🎨 正在画…
progress-painting-long = 🎨 正在画…已经 { $seconds } 秒
progress-unstored = 你的图片画好了，但我现在无法保存。一能保存就发给你。
progress-queued =
    { $number ->
        [1] 下一个就是你。
       *[other] 你排在第 { $number } 位。
    }

## 回答

versions =
    { $missing ->
        [0] { $count } 个版本。我们用哪一个继续？≈ 会再画四张类似的。
       *[other] { $count } 个版本；有 { $missing } 个没有画成。我们用哪一个继续？≈ 会再画四张类似的。
    }
versions-next = 如果不选就接着写，我会从第 { $number } 个继续。
each-done =
    { $missing ->
        [0] 逐张处理好了，按你的顺序排列。接着改哪一张？也可以直接回复其中一张。
       *[other] 逐张处理好了，按你的顺序排列；有 { $missing } 张没画出来。接着改哪一张？
    }
words-only-empty = 模型的回答里既没有图片也没有文字。
words-in-file = 这个回答太长，一条消息放不下：完整内容在文件里。
topic-gone = 你提出请求的话题已经不在了，所以回答发在这里。
show-unknown = 我不确定我的图片是否送到了。如果上面没有看到，我可以再发一次。
pictures-ready = 画好了，在这里。
photo-refused = 你的图片画好了，但我在这里不能发照片或文件。请让管理员允许，然后使用 /file。
file-refused = 我在这里不能发送文件。请让管理员允许，然后再向我要一次。
interrupted = 我画到一半被打断了。可能已经付过费。要我再试一次吗？
interrupted-again = 我画这张图时被打断了两次，所以先放下了。你可以再试一次。
picture-lost = 这次要用到的一张图片在我的存储中找不到了。请重新发送，或重新开始。
trouble = 处理这条消息时我这边出了问题，所以先放下了。请再试一次，也可以换个说法。
busy = 这里已经有 { $limit } 张图片在等待。有空位之前我不能再接新的：到时请把这个再发一次。
busy-more = 这里已有太多消息在等待，所以你最后几条我先略过了。等我答复后请再发一次。

note-ratio-ignored = 模型没有遵守 { $ratio } 的比例。
note-ratio-nearest = { $model } 做不了 { $ratio }，所以我要了最接近的比例 { $nearest }。
note-size-ignored = 我要的尺寸是 { $size }，模型给出的是 { $width } × { $height } 像素。
note-model-replaced = { $old } 已不再提供，所以这张由 { $new } 绘制。以后都由它来画；用 /model 可以看到其他模型。
note-answered-instead = { $old } 目前不可用，所以这张由 { $new } 绘制。
note-wishes-unsaid = { $model } 一次能读的字数有限，因此不再收到你最早的想法。用 /context 可以看到有多少个。
note-unchanged = 模型交回了同一张图片。再试一次，或者换个说法。
note-only-resized = 图片内容和之前一样，只是尺寸从 { $old } 变成了 { $new } 像素。如果你还想改别的，请再说一次，或者换个说法。

## 用图片显示的树

tree =
    { $count ->
        [1] 目前有一个回答。边框标出我们所在的位置。
       *[other] 目前有 { $count } 个回答。边框标出我们所在的位置；用 /go 加编号可以转到那里。
    }
number-in-words = 第 { $number } 个是用文字回答的，没有图片可以比较。/tree 会显示哪些有图片。
no-such-number =
    { $count ->
        [0] 这里还没有图片。先发一个想法给我吧。
        [1] 目前只有编号 1。/go 1 可以转到那里。
       *[other] 哪一张？编号从 1 到 { $count }：/tree 会显示它们，/go 2 转到第二张。
    }
nothing-to-show = 还没有可以显示的。先发一个想法给我吧。
nothing-to-compare = 这张图片目前只有一个状态。先改一改，就有可以展示的了。
label-before = 之前
label-after = 之后
compared = 之前和之后。/compare original 会把最初的样子放在现在的旁边。
compared-first = 最初的样子和现在的样子。
timelapse =
    { $count ->
        [1] 一步。
       *[other] 它的形成过程，共 { $count } 步。
    }
context =
    对于你的下一个想法，{ $model } 会看到{ $turns ->
        [0] { $pictures ->
            [0] {" "}0 张之前的图片
            [1] 当前的图片
           *[other] {" "}{ $pictures } 张图片
        }
       *[other] 最近 { $turns } 步和 { $pictures } 张图片
    }，{ $megabytes } MB。
offline-engine = 离线引擎
context-first-sent = 其中总有通向这张图的第一张照片。
context-first-painted = 其中总有通向这张图的第一张图片。
context-told = 更早的 { $count } 步，它只会收到想法的文字，没有图片。
context-unsaid = 它不会收到最早的 { $count } 个想法：模型一次能读的字数有限。
context-price = 上一个回答约花费 ${ $dollars }。
context-empty = 还没有内容：你的下一条消息会开始一张新图。
context-photo =
    { $count ->
        [1] 目前只有发来的一张照片。你的下一条消息说明怎么改它。
       *[other] 目前只有发来的 { $count } 张照片。你的下一条消息说明怎么改它们。
    }

## 保存的内容

save-how = 用 /save 加一个不含空格的名字回复一张图片，例如 /save hat。之后的想法里就可以写 @hat。
saved-as = 已保存。想用它时，在想法里写上它的名字，比如“把 @{ $name } 改成黑白”。
saved-current = 我保存了当前的图片。在这里，除非你回复的是我的消息，否则 Telegram 不会告诉我你回复了什么。在想法里写 @{ $name }，我就会把它给模型看。
reply-unseen = 在这里，除非你回复的是我的消息，否则 Telegram 不会告诉我你回复了什么。把我设为本群管理员，我就能看到了。
saved-list = 这里保存的：{ $names }。用 /drop 加名字可以忘掉一张。
saved-none = 这里还没有起过名字的图片。用 /save hat 回复一张试试。
nothing-to-save = 这里还没有可以起名字的图片。
no-picture-there = 那条消息里没有图片。请用 /save 加名字回复一张图片。
dropped = 已忘掉 @{ $name }。图片本身还在。
name-unknown = 这里没有名为 @{ $name } 的图片。/saved 会列出所有名字。
exported = 共 { $count } 步：图片、可阅读的页面（index.html），以及可重放的 contents.json。
exported-part = 第 { $number } 部分，共 { $parts } 部分：第 { $first } 到 { $last } 步。每个部分都可以单独打开。
exported-replay = 第 { $number } 部分，共 { $parts } 部分：contents.json，可重放全部内容。
export-too-big = 这段对话有 { $megabytes } MB，太大，无法在这里发送。主人可以把它写入文件夹：pentimento export { $chat } 文件夹
export-no-room = 现在没有空间来制作文件，请稍后再发送 /export。主人可以把对话写入文件夹：pentimento export { $chat } 文件夹
forget-ask =
    要我永久删除什么？“删除本对话”涵盖这个聊天或话题里的全部内容，包括 /new 之前的。

    我会删除我保存的内容。你在这个聊天里看到的内容会一直保留，直到你在 Telegram 里删除；回复它就会把它重新发给我。
forget-ask-group =
    要我永久删除什么？“删除本对话”涵盖这个聊天或话题里的全部内容，包括 /new 之前的。“删除我的全部内容”会删除你与我的私聊，以及你在群组里的文字和图片；群组里的回答会保留。

    我会删除我保存的内容。你在这个聊天里看到的内容会一直保留，直到你在 Telegram 里删除；回复它就会把它重新发给我。
forget-sure = 永久删除这里的全部内容（{ $turns } 个想法和 { $pictures } 张图片）吗？
forget-sure-person = 永久删除你在 { $turns } 个想法中的文字和图片（共 { $pictures } 张图片）吗？
forget-expired = 这个问题已经超过十分钟，所以我什么都没有动。用 /forget 可以重新提问。
forget-not-yours = 只有被问到的人才能回答。用 /forget 可以重新提问。
forget-painting = 你买来的一张图片我还在画。等它画好了，请再按一次按钮。
forget-painting-for-other = 有人买了一张图片，我正在按你的文字画。等它画好了，请再按一次按钮。
forget-admins-only = 只有本群管理员可以删除本群的对话。
forget-kept = 什么都没有删除。
forgotten = 已删除：{ $turns } 个想法和 { $pictures } 张图片。{ $shared ->
        [0] {""}
       *[other] 另有 { $shared } 张也属于其他聊天，在那里保留。
    }
forgotten-person = 已删除：你在 { $turns } 个想法中的文字和图片，共 { $pictures } 张图片。{ $shared ->
        [0] {""}
       *[other] 另有 { $shared } 张也属于其他聊天，在那里保留。
    }
forgotten-later = 还剩一件事：另一个程序正打开着机器人的数据库，所以已删除的文字暂时还在磁盘上。它一释放，我就会清除；你不用做任何事。

## 设置和隐私

settings = 这个聊天的设置
settings-offline = 在这个沙盒里，不管选哪个模型，都由离线引擎来画。选择只会影响可用的比例和尺寸。
setting-ratio = 比例：{ $value }
setting-size = 尺寸：{ $value }
setting-effort = 精细程度：{ $value }
setting-words = 图片附带评论：{ $value }
setting-model = 模型：{ $value }
setting-language = 语言：{ $value }
setting-buttons = 按钮：{ $value }
setting-author = 仅提问者
setting-anyone = 任何人
setting-auto = 自动
setting-on = 开
setting-off = 关
effort-draft = 草稿
effort-normal = 普通
effort-careful = 精细
choose-unknown = 这里不能选择“{ $value }”，所以什么都没有变。
choose-elsewhere = { $model } 没有这个选项。/model 会列出其他模型。
choose-ratio = 新图片用什么比例？被修改的图片保持自己的比例。只想用于一次：先写 /ratio 16:9，后面写上想法。
choose-size = 新图片用什么尺寸？
choose-effort = { $model } 该花多少心思？草稿更快；精细要久一些，文字或细节多时效果更好。
choose-effort-elsewhere = 模型该花多少心思？{ $model } 没有这个选项，它只对有此选项的模型有效。
choose-model = 用哪个模型来画？
own-server = 自有服务器
choose-maker = 用哪家的模型来画？也可以发送 /model 加模型名称。
choose-language = 我在这里说哪种语言？
choose-buttons = 在本群里谁可以按回答下面的按钮？
allow-in-groups = /allow 用于群组：在那里由管理员决定谁可以使用我。
allow-admins-only = 只有本群管理员可以决定谁能使用我。
allow-everybody = 本群所有人都可以使用我。
allow-admins = 只有本群管理员可以使用我。
allow-people = 可以使用我的有本群管理员，以及：{ $names }。
allow-how = /allow everybody（所有人）、/allow admins（管理员），或用 /allow 回复某人的消息。
not-allowed-here = 本群只有部分人可以使用我。管理员可以用 /allow 把你加进来。
admins-unknown = Telegram 现在没有告诉我本群的管理员是谁，所以我无法确认你能否这样做。请过几分钟再试。
usage-none = 你还没有让我做过任何事。
usage-own = 到目前为止：{ $turns } 个想法，{ $pictures } 张图片，约 ${ $dollars }。
usage-offline = 到目前为止：{ $turns } 个想法，{ $pictures } 张图片。在沙盒里一切免费。
usage-everybody = 所有人：
usage-line = • { $name }：{ $turns } 个回答，{ $pictures } 个带图片，约 ${ $dollars }
usage-forgotten = 已删除数据的用户
usage-all-calls = 所有调用合计，包括被拒绝或中止但可能计费的：约 ${ $dollars }
privacy = 我保存的内容：你发给我的消息及其图片、我的回答，以及它们之间的关系，这样你随时可以从任意一张图片继续。它们留在运行我的电脑上，直到你用 /forget 删除，或由主人删除。
privacy-days = { $days } 天后我会自动删除，除非图片有名称（/saved），或者你后来又在它的基础上继续过。
privacy-room = 当图片超过 { $gigabytes } GB 时，我会自动删除最旧的，除非图片有名称（/saved），或者你后来又在它的基础上继续过。
privacy-provider = 会离开这台电脑的内容：每个想法会连同本对话之前的想法、回答和图片发送给 { $provider }，但不含照片里的位置和相机数据。在群组里，大家的名字也会一并发送。
privacy-own = 会离开这台电脑的内容：每个想法会连同本对话之前的想法、回答和图片发送到我主人自己的服务器，但不含照片里的位置和相机数据。在群组里，大家的名字也会一并发送。
privacy-relay = { $provider }（经由 { $host }）
privacy-relay-own = { $provider }（经由我主人自己的服务器）
privacy-instead = 如果它不可用，同样的内容会改为发送给 { $others }。
privacy-instead-own = 如果它不可用，同样的内容会改为发送到我主人自己的服务器。
privacy-instead-both = 如果它不可用，同样的内容会改为发送给 { $others }，或发送到我主人自己的服务器。
privacy-offline = 会离开这台电脑的内容：没有。这里是沙盒：图片由这台电脑上的一个小引擎绘制，一切免费。
privacy-uploads = 较大的图片会在 Google 存放 48 小时，之后由 Google 自动删除；/forget 会请它立即删除。
privacy-voice = 语音和视频消息会发给 { $provider } 转成文字。我保存文字，不保存录音。
privacy-groups-meant = 在群组里我只能看到回复我的消息和命令。在我是管理员的群组里我能看到所有消息，但只保存发给我的那些。
privacy-groups-all = 在群组里我能看到所有消息，但只保存发给我的那些。
privacy-here-meant = 在本群里我只能看到回复我的消息和命令。
privacy-here-all = 在本群里我能看到所有消息，但只保存发给我的那些。
privacy-here-unknown = 在本群里我可能看到所有消息，但只保存发给我的那些。
privacy-here-admin = 作为本群管理员，我能看到所有消息，但只保存发给我的那些。
privacy-elsewhere = 在我不是成员的聊天里，只有呼叫我的消息和它所回复的那条消息我才看得到。你的想法和我的回答，我会像在这里一样保存。别人写的或发的内容，我只用于这一个想法。我会把 Telegram 提供他们图片所用的名称保留一天，这样“再来一次”才能用。
privacy-inline = 当你在任何聊天里在我的名字后面输入时，我会看到你输入的内容。我只保存你让我画的内容。
privacy-staging = 如果我和你没有聊天，我的图片会先短暂发到主人的一个聊天里。
privacy-guests = 如果由主人决定谁可以用我，我会保存提出请求的人的名字和编号，并在决定之前保存第一个想法。/forget 会删除名字。编号和决定会保留，以免屏蔽因此失效。
