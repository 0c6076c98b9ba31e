# 可以对图片选择和做的事：移动、版本、比例、模型。

moved-by = { $name }：{ $said }
button-redo = ↪ 重做
wish-like-this = 再来一张类似的图片，只有细小的不同

help-all = 所有命令
button-done = 完成
nothing-to-film = 目前只有一张图：延时动画需要两张。
compared-numbers = 第 { $first } 张和第 { $second } 张。
drop-which = 哪个名字？/saved 会列出所有名字。

## 模型

strength-quick = 快，适合日常修改
strength-versatile = 几乎什么都行
strength-best = 细节和文字最好
strength-cheap = 最便宜，适合先试试
model-price = 约 ${ $dollars }
one-size = { $model } 只有一种尺寸。这些模型有几种：
choose-nearest = { $model } 不支持 { $value }，所以没有改变。最接近的是 { $nearest }。

# A picture in which only the change is new; where the model's own is shown instead.
note-kept = 🔒 其余部分都保留自你的照片。
note-kept-picture = 🔒 其余部分都保持原样。
note-kept-some = 🔒 其余部分保持原样的是：{ $numbers }。
note-crop-left = 我只让模型画了标记周围的部分，但它无法放回你的图片。这是模型画的结果。按“再来一次”会把整张图片发给它。
note-mark-left = 模型重画的不只是标记的地方，我没能单独取出那一处。
button-painted = 🖌 模型画的原图
button-only = 🔒 只要改动
painted-here = 这是模型画的结果。我们从这一张继续。
painted-there = 这是模型画的结果。回复它就能从这里继续。
only-here = 只有改动，其余部分保持原样。我们从这一张继续。
only-there = 只有改动，其余部分保持原样。回复它就能从这里继续。
only-nothing = 没能只取出改动：改动不只在一处，或者之前的图片已经不在了。
only-later = 现在要处理的东西太多，没能及时完成。请过一分钟再按一次按钮。
file-reduced = 无损图片有 { $megabytes } MB，而 Telegram 最多接收机器人发送的 50 MB。这张 { $width } × { $height } 像素的 JPEG 是能发送的最好版本。
setting-keep = 保留其余部分：{ $value }
setting-offered = 由按钮提供
setting-never = 从不
choose-keep = 模型会重画整张图片。如果只有一处改变，要把其余部分保持原样吗？自动：在有把握时这样做，例如你标记过的位置；否则用按钮提供。
compared-outlined = 线框圈出了不同之处。

## The page of an export.

page-title = 图片里的对话
page-part = 第 { $number } 部分，共 { $parts } 部分：第 { $first } 到 { $last } 步
page-began = 开始
page-from = 来自第 { $number } 步
page-from-part = 来自第 { $number } 步，在第 { $part } 部分
page-lost = 这一步有 { $count } 张图片已丢失。
page-elsewhere = 这一步有 { $count } 张图片在别的部分。
