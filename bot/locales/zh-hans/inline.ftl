## 从别处呼叫：在他人的聊天中作为访客，或通过内联查询

inline-painting = 正在画……
inline-painting-wish = 正在画：{ $wish }
inline-paint = 画：{ $wish }
inline-paint-about = 图片会出现在这条消息的位置。
inline-soon = 我还在画。图片画好后会自动出现在那里。
inline-not-yours = 这个按钮是给呼叫我的人的。你也可以呼叫我：写上我的名字和想法。
inline-help = 在我的名字后面写上你想要什么，例如“黄昏的灯塔”。或者回复一张照片，写上我的名字，说要改什么。
inline-only-wishes = 在这里我只画图。其他事情请打开与我的聊天。
inline-not-served = 我不是为所有人画图的，你不在我的名单上。请联系运行我的人。
inline-not-yourself = 请用你自己的身份呼叫我：在这里我不为匿名管理员和频道画图。
inline-one = 在这里我只画一个版本。想要几个版本，请私聊继续。
inline-no-chat = 图片画好了。要在这里显示，你需要先打开一次与我的聊天：点第一个按钮，再点“开始”。
inline-lost = 我已经没有制作它所用的内容了。请回复同一条消息，再呼叫我一次。
inline-unheard = 我没有得知要画什么。请单独发一条消息，写上我的名字和你的想法。
inline-forgotten = 你已让我删除你的全部内容，所以这里不会有图片了。
button-inline-ready = 好了吗？
button-inline-private = 私聊继续
button-inline-open = 打开与我的聊天
button-inline-show-here = 在这里显示
went-on = 我们在这里继续。
went-on-named = 我们在这里继续：“{ $wish }”。
went-on-words = 我们在这里继续。
went-on-said = 我们在这里继续。
