# Frases para rodadas que falharam. As chaves são as das classes em bot/providers/errors.py.

cannot-edit = { $model } só pinta a partir de palavras e não consegue mudar uma imagem. Escolha outro modelo e envie o pedido de novo.
too-many-pictures = { $model } aceita no máximo { $limit ->
    [one] uma imagem
   *[other] { $limit } imagens
} por vez, e aqui há { $count }. Envie menos ou escolha outro modelo.
ratio-unsupported = { $model } não consegue fazer o formato { $wanted }. Oferece: { $known }. Mude o formato em /settings ou escolha outro modelo.
size-unsupported = { $model } não consegue fazer o tamanho { $wanted }. Oferece: { $known }. Mude o tamanho em /settings ou escolha outro modelo.
picture-type-unsupported = { $model } não lê arquivos { $type }. Envie a imagem como JPEG ou PNG.
words-missing = Diga em palavras o que a imagem deve se tornar.

refused-prompt = O pedido foi bloqueado antes de desenhar qualquer coisa. Mude as palavras ou as imagens.
refused-prompt-explained = O pedido foi bloqueado antes de desenhar qualquer coisa. Mude as palavras ou as imagens. O provedor diz: { $explanation }
refused-picture-prompt = O filtro de segurança bloqueou o pedido, por causa das palavras ou de uma imagem anexada. Mude uma das duas coisas.
refused-picture-prompt-explained = O filtro de segurança bloqueou o pedido, por causa das palavras ou de uma imagem anexada. Mude uma das duas coisas. O provedor diz: { $explanation }
refused-safety = O filtro de segurança barrou esta resposta. Reformule o pedido.
refused-safety-explained = O filtro de segurança barrou esta resposta ({ $explanation }). Reformule o pedido.
refused-picture = A imagem foi feita, mas o filtro de segurança a reteve. Tente mais uma vez ou reformule o pedido.
refused-picture-explained = A imagem foi feita, mas o filtro de segurança a reteve. Tente mais uma vez ou reformule o pedido. O provedor diz: { $explanation }
refused-prohibited = O provedor recusou esta imagem por causa das regras de conteúdo. Peça outra coisa.
refused-prohibited-explained = O provedor recusou esta imagem por causa das regras de conteúdo. A explicação dele: { $explanation }
refused-recitation = O resultado ficou parecido demais com uma obra existente. Peça algo mais original.
refused-recitation-explained = O resultado ficou parecido demais com uma obra existente. Peça algo mais original. O provedor diz: { $explanation }
refused-language = O modelo não funciona neste idioma. Tente o mesmo pedido em inglês.
refused-language-explained = O modelo não funciona neste idioma. Tente o mesmo pedido em inglês. O provedor diz: { $explanation }
refused-privacy = O pedido parece conter dados pessoais, que o provedor não processa. Retire-os e tente de novo.
refused-privacy-explained = O pedido parece conter dados pessoais, que o provedor não processa. Retire-os e tente de novo. O provedor diz: { $explanation }
refused-moderation = O pedido foi recusado pela moderação. Reformule.
refused-moderation-explained = O pedido foi recusado pela moderação ({ $explanation }). Reformule.
refused-other = O provedor recusou este pedido sem dar motivo. Tente de novo ou reformule.
refused-other-explained = O provedor recusou este pedido. A explicação dele: { $explanation }

nothing-returned = O modelo não devolveu nada. Tentei mais uma vez; se continuar, reformule o pedido.
nothing-drawn = O modelo não desenhou nada para este pedido. Diga claramente o que a imagem deve mostrar.
could-not-draw = O provedor não conseguiu fazer esta imagem. Tentei mais uma vez; reformule ou tente mais tarde.
could-not-draw-explained = O provedor não conseguiu fazer esta imagem. A explicação dele: { $explanation }
cut-short = A resposta foi cortada antes de aparecer uma imagem. Encurte o pedido ou comece uma conversa nova.
malformed-answer = O modelo respondeu de forma ilegível, duas vezes. Reformule o pedido ou tente mais tarde.
unknown-finish = O modelo parou sem imagem, pelo motivo “{ $reason }”. Reformule ou tente de novo.
unknown-finish-explained = O modelo parou sem imagem, pelo motivo “{ $reason }”. A explicação dele: { $explanation }

signature-missing = A conversa guardada não pôde continuar como está. Comece uma nova ou responda à imagem que você quer mudar.

rejected = O provedor rejeitou o pedido. Outro modelo talvez aceite.
rejected-explained = O provedor rejeitou o pedido: { $explanation }
unknown-field = O provedor não conhece uma das configurações ({ $field }). Mude-a em /settings ou escolha outro modelo.
one-picture-only = Este modelo faz uma imagem por pedido. Peça uma, ou use “De novo” para mais.
picture-unusable = O provedor não consegue processar uma das imagens. Envie de novo como JPEG ou PNG, ou deixe de fora.
picture-unreadable = Uma imagem desta conversa não pode mais ser lida aqui. Comece uma conversa nova e envie a imagem de novo.
wrong-address = Este bot não está ligado corretamente ao provedor.

key-invalid = A chave de API deste bot não é válida.
key-disabled = A chave de API deste bot foi desativada pelo provedor.
account-restricted = O provedor restringiu a conta deste bot.
not-permitted = A chave de API deste bot não pode usar este modelo.
not-permitted-explained = A chave de API deste bot não pode usar este modelo. O provedor diz: { $explanation }
region-blocked = O provedor não atende o lugar onde este bot funciona.
balance-empty = O saldo deste bot no provedor acabou.
model-unavailable = O modelo { $model } não é mais oferecido. Escolha outro com /model.

rate-limited = Há pedidos demais no momento. Tente de novo em { $seconds ->
    [0] 0 segundos
    [one] um segundo
   *[other] { $seconds } segundos
}.
daily-quota = A cota diária deste modelo acabou. Ela se renova à meia-noite, hora do Pacífico; outro modelo pode funcionar agora.
no-paid-access = A chave deste bot não tem acesso pago a este modelo. Outro modelo talvez funcione.
model-overloaded = O modelo está sobrecarregado. Tentei várias vezes; tente de novo em alguns minutos ou escolha outro modelo.
queue-full = Muita gente está esperando por este bot agora. Tente de novo em alguns minutos.
internal-error = O provedor teve um erro interno cada vez que tentei. Tente mais tarde ou escolha outro modelo.
gateway-error = Não é possível contatar o provedor no momento. Tente de novo em alguns minutos.
no-channel = O intermediário não tem canal livre para este modelo. Tente mais tarde ou escolha outro modelo.
connection-failed = Não consegui me conectar ao provedor. Tente de novo em alguns minutos.
upload-failed = Não foi possível enviar a imagem ao provedor, por isso nada foi pintado. Tente de novo em alguns minutos.
upload-failed-explained = Não foi possível enviar a imagem ao provedor, por isso nada foi pintado. A explicação dele: { $explanation }

deadline-passed = O provedor demorou demais, duas vezes. Tente de novo, talvez com um pedido mais simples.
cancelled-upstream = O pedido foi cortado no provedor, duas vezes. Tente de novo.
cut-off = Nenhuma resposta chegou a tempo. Talvez já tenha sido paga, por isso não repeti sozinho. Tentar de novo?
answer-lost = A conexão com o provedor caiu antes que a resposta chegasse. Talvez já tenha sido paga, por isso não repeti sozinho. Tentar de novo?

empty-body = O provedor enviou uma resposta vazia, duas vezes. Tente mais tarde.
damaged-body = A resposta chegou danificada, duas vezes. Tente de novo.
damaged-picture = O provedor enviou uma imagem danificada, duas vezes. Tente de novo.
answer-not-a-picture = O provedor enviou algo que não é uma imagem, duas vezes. Tente de novo.
connection-lost = A conexão com o provedor caiu, duas vezes. Tente de novo.
link-failed = A imagem foi feita, mas não consegui buscá-la no provedor. Tente de novo.
link-refused = A imagem foi feita, mas está em um endereço que este bot não abre.

request-too-large = Esta conversa tem imagens demais, ou elas são grandes demais. Envie menos ou comece uma conversa nova.
prompt-too-long = São mais palavras do que o provedor aceita de uma vez. Diga com menos.
answer-too-large = A imagem é grande demais (mais de { $limit } MB). Escolha um tamanho menor.
picture-too-large = A imagem tem mais pixels do que este bot consegue processar. Escolha um tamanho menor.

# O que o bot mudou por conta própria antes de receber a resposta.
remedy-degrade-history = A conversa guardada não pôde continuar como estava; segui só a partir da última imagem.
remedy-trim-history = Era mais do que o provedor aceita de uma vez; dos passos mais antigos enviei só as palavras.
remedy-without-field = O provedor não conhece uma das configurações; tentei sem ela.
remedy-with-text = O modelo não tinha desenhado nada, então deixei que respondesse também em palavras.

# Mostrado com contagem regressiva enquanto uma tentativa espera para ser repetida.
waiting-rate-limited = Pedidos demais; vou tentar de novo em { $seconds } s.
waiting-overloaded = O modelo está sobrecarregado; vou tentar de novo em { $seconds } s.
waiting-trouble = O provedor teve um problema; vou tentar de novo em { $seconds } s.
