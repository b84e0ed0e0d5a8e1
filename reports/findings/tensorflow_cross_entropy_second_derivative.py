"""TensorFlow 2.21.0: the gradient of tf.nn.softmax_cross_entropy_with_logits for the logits,
softmax(z) − y, has no derivative for the labels y: 0 in place of −1.

upstream: none found
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

z, y = tf.constant([[1.0, 2.0]]), tf.constant([[0.25, 0.75]])
with tf.GradientTape() as outer:
    outer.watch(y)
    with tf.GradientTape() as inner:
        inner.watch(z)
        loss = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)
    slope = inner.gradient(loss, z)[0, 0]
got = outer.gradient(slope, y, unconnected_gradients="zero").numpy().tolist()[0]
print("expected a difference of", -1.0)
print("got", got[0] - got[1])
raise SystemExit(got[0] - got[1] != 0)
