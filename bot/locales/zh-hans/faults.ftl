# 机器人这边出问题时说的话，以及它告诉主人的内容。

undelivered = 你的回答做好了，但 Telegram 没有接收。
owner-knows = 主人已收到通知。
owner-unset = 请告诉运行这个机器人的人。
outcome-unknown = 我不确定这条是否送到了。如果上面没有看到，请再让我做一次。
came-late =
    { $count ->
        [1] 这张图片到的时候，我已经用其他图片开始了。要带上它重做一次吗？不然你的下一条消息可以用它。
       *[other] 这 { $count } 张图片到的时候，我已经用其他图片开始了。要带上它们重做一次吗？不然你的下一条消息可以用它们。
    }
button-join =
    { $count ->
        [1] 带上它重做
       *[other] 带上它们重做
    }

## 给主人

owner-storage = ⚠ { $fault }
owner-aside = ⚠ 消息 { $update } 已被放下，原因：{ $why }。它的内容还在我的收件箱里，你可以查看。
owner-undelivered = ⚠ 第 { $turn } 轮的回答未能发送（{ $why }）。它已保存。
owner-turn = ⚠ 第 { $turn } 轮，{ $why }
owner-listening = ⚠ { $model }（LISTEN_MODEL）听不了语音消息：{ $why }
owner-model-replaced = ⚠ { $provider } 不再向这个密钥提供 { $old }。从现在起由 { $new } 代替它绘图；想换别的，请在机器人的设置里更改模型；如果有误，发送 /model { $old } 会为所有人再试一次。
owner-model-ends = ⚠ { $provider } 将于 { $day } 停用模型 { $model }（{ $days ->
        [0] 就是现在
       *[other] 还有 { $days } 天
    }）。我不知道有什么可以接替它：请在机器人的设置里选择另一个模型。
owner-model-ends-followed = ⚠ { $provider } 将于 { $day } 停用模型 { $model }（{ $days ->
        [0] 就是现在
       *[other] 还有 { $days } 天
    }）。到时 { $after } 会自动接替它，除非你在那之前选了别的。
