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
