# 机器人这边出问题时说的话，以及它告诉主人的内容。

undelivered = 你的回答做好了，但 Telegram 没有接收。
store-stuck = 我现在什么都存不了，你的要求先等一等。一能保存我就会自动继续。
store-away = 我现在什么都存不了，你发来的内容先等一等。一能保存我就会自动回复。
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

owner-storage-locked = ⚠ 另一个程序占用着数据库。请关闭它，我会自动继续。（{ $detail }）
owner-storage-deadlock = ⚠ 两个事务互相等待，其中一个已撤销。我会自动重试。（{ $detail }）
owner-storage-crowded = ⚠ 数据库的连接已全部用完。如果一直这样，请调大 DATABASE_POOL_SIZE。（{ $detail }）
owner-storage-damaged = ⚠ 数据库已损坏。请停止我，用命令“pentimento check”检查，并恢复备份。（{ $detail }）
owner-storage-unreachable = ⚠ 我存放的数据无法读取或写入。请检查磁盘、权限和连接。（{ $detail }）
owner-storage-refused = ⚠ 对象存储拒绝了我。请检查 MEDIA_URL、存储桶以及密钥和权限。（{ $detail }）
owner-storage-swept = ⚠ 有人再次发送一张图片时，它正好被删除。我会自动重新保存。（{ $detail }）
owner-storage-full = ⚠ 磁盘已满，我什么都存不了了。请腾出一些空间，之后我会自己继续。（{ $detail }）
owner-aside = ⚠ 消息 { $update } 已被放下，原因：{ $why }。它的内容还在我的收件箱里，你可以查看。
owner-undelivered = ⚠ 第 { $turn } 轮的回答未能发送（{ $why }）。它已保存。
owner-turn = ⚠ 第 { $turn } 轮失败了。原因：{ $reason }。（{ $why }）
owner-turn-other = ⚠ 第 { $turn } 轮失败了。（{ $why }）
owner-advice-account = 在那里付费后，下一个请求无需重启即可完成。新密钥请写进机器人的设置，然后重启我。“pentimento check --accounts”会说明它是否可用。
owner-more = 自上次通知以来，同样的情况又发生了 { $count } 次。
owner-outage-provider = ⚠ { $provider } 目前无法回应：{ $why }。在此期间由其他服务尽量代替，并会不时重试。
owner-outage-model = ⚠ { $provider } 目前无法用 { $model } 回应：{ $why }。在此期间由其他服务尽量代替，并会不时重试。
owner-outage-key = ⚠ { $provider } 的第 { $number } 个密钥（共 { $count } 个）目前不可用：{ $why }。在此期间由其他密钥或服务代替，并会不时重试。
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
owner-disk = ⚠ 我存放数据的磁盘只剩 { $megabytes } MB。满了之后我就什么都存不了了。请腾出一些空间；设置 KEEP_DAYS 或 KEEP_GB 后，我会自己删除旧内容。
owner-clock = ⚠ 我所在机器的时钟显示 { $here }（UTC），而 Telegram 的时间是 { $there }。时钟调准之前，我不会删除任何旧内容。请把时钟调准。
owner-week = 📊 最近 7 天：为 { $people } 人画了 { $pictures } 张图，约 { $dollars } 美元。
owner-week-quiet = 📊 最近 7 天：没有人找过我。
owner-week-unpriced = 有 { $count } 个回答的价格未知。
owner-week-failed =
    { $count ->
        [1] { $turns ->
            [1] 唯一的要求失败了：{ $why }。
           *[other] { $turns } 个要求中有 1 个失败：{ $why }。
        }
       *[other] { $turns } 个要求中有 { $count } 个失败，最常见的原因：{ $why }（{ $most }×）。
    }
owner-why-refused = 服务商拒绝了要求
owner-why-no-picture = 没有画出图片
owner-why-account = 服务商处的密钥、余额或配额
owner-why-busy = 服务商过载
owner-why-trouble = 服务商或与它的连接出了问题
owner-why-request = 模型没有接受请求
owner-why-limit = 额度已用完
owner-why-interrupted = 机器人被中断
owner-why-other = 其他原因
owner-week-backup = 上次备份：{ $days ->
        [0] 今天
        [1] 昨天
       *[other] { $days } 天前
    }。
owner-week-backup-short = ⚠ 上次备份：{ $days ->
        [0] 今天
        [1] 昨天
       *[other] { $days } 天前
    }，但缺少图片。pentimento check 会说明缺哪些。
owner-week-no-backup = ⚠ 我不知道有任何备份。pentimento backup 文件夹 可以在我运行时做一个。
owner-week-disk = 磁盘：已用 { $percent } %，剩余 { $gigabytes } GB。
