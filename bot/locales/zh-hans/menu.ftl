# 语言的名称和命令菜单：机器人启动时就需要每种语言的这些内容。

language-name = 简体中文

command-start = 我能做什么
command-edit = 画图或改图，如 /edit 更暖一些
command-help = 所有命令
command-new = 重新开始
command-undo = 退回上一张图片
command-redo = 再往前一步
command-again = 同样的想法再来一次
command-x4 = 同一想法的四个版本
command-tree = 本对话的所有图片
command-go = 转到指定编号的图片，如 /go 7
command-compare = 前后对比
command-timelapse = 图片的形成过程
command-context = 模型能看到什么
command-save = 给图片起名并记住，如 /save hat
command-saved = 已记住的图片
command-drop = 忘掉一个名字，如 /drop hat
command-export = 把本对话导出为 zip
command-forget = 删除我保存的内容
command-file = 以文件发送图片，原始画质
command-cancel = 停止正在画的图
command-allow = 本群谁可以使用我
command-limit = 本群可以有多少张图片
command-settings = 比例、尺寸、精细程度、模型、语言
command-model = 选择模型
command-ratio = 选择比例，如 /ratio 16:9
command-size = 选择尺寸
command-effort = 草稿、普通或精细
command-language = 选择我的语言
command-usage = 花了多少
command-privacy = 我保存什么
command-people = 谁在用我，花了多少
command-admit = 按编号允许某人使用
command-block = 按编号屏蔽某人
command-unblock = 重新允许某人使用
