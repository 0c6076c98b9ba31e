# 失败轮次的句子。键名来自 bot/providers/errors.py 中的类。

cannot-edit = { $model } 只能根据文字画图，不能修改图片。请换个模型，然后重新发送想法。
too-many-pictures = { $model } 一次最多接受 { $limit } 张图片，而这一轮有 { $count } 张。请少发一些，或换个模型。
ratio-unsupported = { $model } 不支持 { $wanted } 的比例。可选：{ $known }。请在 /settings 中更改比例，或换个模型。
size-unsupported = { $model } 不支持 { $wanted } 的尺寸。可选：{ $known }。请在 /settings 中更改尺寸，或换个模型。
picture-type-unsupported = { $model } 读不了 { $type } 文件。请以 JPEG 或 PNG 发送图片。
words-missing = 请用文字说明图片要变成什么样。

refused-prompt = 请求在开始画之前就被拦截了。请更改文字或图片。
refused-prompt-explained = 请求在开始画之前就被拦截了。请更改文字或图片。服务商说：{ $explanation }
refused-picture-prompt = 图片安全过滤器拦截了请求：问题在文字或所附图片。请更改其中之一。
refused-picture-prompt-explained = 图片安全过滤器拦截了请求：问题在文字或所附图片。请更改其中之一。服务商说：{ $explanation }
refused-safety = 安全过滤器中止了这个回答。请换个说法。
refused-safety-explained = 安全过滤器中止了这个回答（{ $explanation }）。请换个说法。
refused-picture = 图片画好了，但被安全过滤器扣下了。请再试一次，或换个说法。
refused-picture-explained = 图片画好了，但被安全过滤器扣下了。请再试一次，或换个说法。服务商说：{ $explanation }
refused-prohibited = 服务商因内容规则拒绝了这张图片。请换个要求。
refused-prohibited-explained = 服务商因内容规则拒绝了这张图片。它的解释：{ $explanation }
refused-recitation = 结果与现有作品过于相似。请换一个更有创意的要求。
refused-recitation-explained = 结果与现有作品过于相似。请换一个更有创意的要求。服务商说：{ $explanation }
refused-language = 模型不支持这种语言。请用英语写同样的想法试试。
refused-language-explained = 模型不支持这种语言。请用英语写同样的想法试试。服务商说：{ $explanation }
refused-privacy = 请求似乎包含个人数据，服务商不处理这类数据。请去掉后再试。
refused-privacy-explained = 请求似乎包含个人数据，服务商不处理这类数据。请去掉后再试。服务商说：{ $explanation }
refused-moderation = 请求未通过审核。请换个说法。
refused-moderation-explained = 请求未通过审核（{ $explanation }）。请换个说法。
refused-other = 服务商拒绝了这个请求，没有说明原因。请再试一次，或换个说法。
refused-other-explained = 服务商拒绝了这个请求。它的解释：{ $explanation }

nothing-returned = 模型没有返回任何内容。我又试了一次；如果还是这样，请换个说法。
nothing-drawn = 模型没有为这个请求画任何东西。请直接说明图片里要有什么。
could-not-draw = 服务商没能画出这张图片。我又试了一次；请换个说法，或稍后再试。
could-not-draw-explained = 服务商没能画出这张图片。它的解释：{ $explanation }
cut-short = 图片还没出现，回答就中断了。请缩短请求，或开始新对话。
malformed-answer = 模型两次都给出了混乱的回答。请换个说法，或稍后再试。
unknown-finish = 模型没有画出图片就停了，原因是“{ $reason }”。请换个说法，或再试一次。
unknown-finish-explained = 模型没有画出图片就停了，原因是“{ $reason }”。它的解释：{ $explanation }

signature-missing = 保存的对话无法原样继续。请开始新对话，或回复你想修改的图片。

rejected = 服务商拒收了这个请求。换个模型也许可以。
rejected-explained = 服务商拒收了这个请求：{ $explanation }
unknown-field = 服务商不认识其中一项设置（{ $field }）。请在 /settings 中更改，或换个模型。
one-picture-only = 这个模型每次只画一张图片。请只要一张，想要更多就用“再来一次”。
picture-unusable = 服务商处理不了其中一张图片。请以 JPEG 或 PNG 重新发送，或去掉它。
picture-unreadable = 本对话中的一张图片在这里已无法读取。请开始新对话并重新发送图片。
wrong-address = 这个机器人没有正确连接到服务商。

key-invalid = 这个机器人的 API 密钥无效。
key-disabled = 这个机器人的 API 密钥被服务商停用了。
account-restricted = 服务商限制了这个机器人的账户。
not-permitted = 这个机器人的 API 密钥不能使用该模型。
not-permitted-explained = 这个机器人的 API 密钥不能使用该模型。服务商说：{ $explanation }
region-blocked = 服务商不为这个机器人所在的地区服务。
balance-empty = 这个机器人在服务商处的余额已用完。
model-unavailable = 模型 { $model } 已不再提供。请用 /model 换一个。

rate-limited = 目前请求太多。请在 { $seconds } 秒后再试。
daily-quota = 这个模型的每日配额已用完，太平洋时间午夜重置；换个模型也许现在就可以。
no-paid-access = 这个机器人的密钥没有该模型的付费权限。换个模型也许可以。
model-overloaded = 模型过载。我试了好几次；请过几分钟再试，或换个模型。
queue-full = 现在有很多人在等这个机器人。请过几分钟再试。
internal-error = 每次尝试服务商都出现内部错误。请稍后再试，或换个模型。
gateway-error = 目前连不上服务商。请过几分钟再试。
no-channel = 中转服务没有这个模型的空闲通道。请稍后再试，或换个模型。
connection-failed = 没能连上服务商。请过几分钟再试。
upload-failed = 图片没能上传到服务商，所以什么也没画。请过几分钟再试。
upload-failed-explained = 图片没能上传到服务商，所以什么也没画。它的解释：{ $explanation }

deadline-passed = 服务商两次都超时了。请再试一次，也许可以简化想法。
cancelled-upstream = 请求在服务商那里两次被中断。请再试一次。
cut-off = 没有按时收到回答。可能已经付过费，所以我没有自行重试。要再试一次吗？
answer-lost = 还没收到回答，与服务商的连接就断了。可能已经付过费，所以我没有自行重试。要再试一次吗？

empty-body = 服务商两次都发来空的回答。请稍后再试。
damaged-body = 回答两次到达时都已损坏。请再试一次。
damaged-picture = 服务商两次都发来损坏的图片。请再试一次。
answer-not-a-picture = 服务商两次发来的都不是图片。请再试一次。
connection-lost = 与服务商的连接两次中断。请再试一次。
link-failed = 图片画好了，但没能从服务商那里取回。请再试一次。
link-refused = 图片画好了，但所在的地址这个机器人不会打开。

request-too-large = 对话中的图片太多或太大。请少发一些，或开始新对话。
prompt-too-long = 这超出了服务商一次能接收的字数。请说得短一些。
answer-too-large = 图片太大，这里处理不了（超过 { $limit } MB）。请选择较小的尺寸。
picture-too-large = 图片的像素超出了这个机器人的处理能力。请选择较小的尺寸。

# 在得到回答之前自动更改的内容。
remedy-degrade-history = 保存的对话无法原样继续；我只从最后一张图片继续。
remedy-trim-history = 这超过了服务商一次能接受的量；最早的几步我只发送了文字。
remedy-without-field = 服务商不认识其中一项设置；我去掉它试了一次。
remedy-with-text = 模型没有画任何东西，所以我允许它也用文字回答。

# 等待重试时显示的倒计时。
waiting-rate-limited = 请求太多；我会在 { $seconds } 秒后重试。
waiting-overloaded = 模型过载；我会在 { $seconds } 秒后重试。
waiting-trouble = 服务商出了问题；我会在 { $seconds } 秒后重试。
