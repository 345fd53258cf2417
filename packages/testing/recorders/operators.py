"""Records more operators of MXNet 1.9.1 than the recorder they came with: python operators.py, with Python 3, mxnet==1.9.1 and numpy==1.23.5.

Parameters and shapes that ../oracle/operators.json leaves out, and operators beside it. Writes ../recorded/mxnet/operators.json in the same form."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'oracle'))
import record

record.OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'recorded', 'mxnet')
S = record.Section('operators')
R = S.randn
counts = {}


def C(op, attrs, inputs, name=None, nograd=(), **options):
    """One case; what MXNet itself refuses is told and left out."""
    key = name or op
    counts[key] = counts.get(key, 0) + 1
    if nograd:
        options['grad_req'] = {each: 'null' if each in nograd else 'write' for each in inputs}
    try:
        record.op_case(S, '%s_more_%02d' % (key, counts[key]), op, attrs, inputs, **options)
    except Exception as error:
        print('left out: %s %s: %s' % (op, attrs, str(error).split('\n')[0]))


for at, xs in [(dict(kernel=(3, 3), num_filter=6, num_group=3, stride=(2, 2), pad=(1, 1)), (2, 6, 7, 7)), (dict(kernel=(2, 3), num_filter=4, dilate=(2, 1), stride=(1, 2)), (1, 3, 8, 9)), (dict(kernel=(3, 3), num_filter=4, num_group=4, pad=(1, 1), no_bias=True), (2, 4, 5, 5)), (dict(kernel=(4,), num_filter=4, dilate=(2,), num_group=2, pad=(3,)), (2, 4, 9)), (dict(kernel=(2, 3, 2), num_filter=4, stride=(1, 2, 1), pad=(1, 0, 1), num_group=2), (1, 2, 3, 5, 4)), (dict(kernel=(1, 1), num_filter=4, stride=(2, 2)), (2, 3, 5, 5)), (dict(kernel=(5, 5), num_filter=2, pad=(4, 4), stride=(3, 3)), (1, 2, 6, 6)), (dict(kernel=(3, 3, 3), num_filter=2, dilate=(1, 1, 1), pad=(1, 1, 1)), (1, 2, 3, 3, 3))]:
    ins = {'data': R(*xs), 'weight': R(at['num_filter'], xs[1] // at.get('num_group', 1), *at['kernel'])}
    if not at.get('no_bias'):
        ins['bias'] = R(at['num_filter'])
    C('Convolution', at, ins)
for at, xs in [(dict(kernel=(3,), stride=(2,), pad=(1,), adj=(1,)), (2, 2, 5)), (dict(kernel=(4, 4), stride=(2, 2), pad=(1, 1), num_group=2, no_bias=False), (2, 4, 3, 3)), (dict(kernel=(3, 3, 3), stride=(2, 1, 2), pad=(1, 1, 1)), (1, 2, 2, 3, 2)), (dict(kernel=(3, 3), stride=(3, 3)), (1, 2, 3, 2)), (dict(kernel=(3, 3), stride=(2, 2), dilate=(2, 2), pad=(1, 2), adj=(1, 0)), (1, 2, 3, 4)), (dict(kernel=(5, 5), stride=(1, 1), pad=(4, 4)), (1, 2, 6, 6)), (dict(kernel=(4, 4), stride=(2, 2), target_shape=(7, 8)), (1, 2, 3, 3))]:
    g = at.get('num_group', 1)
    at = dict(at, num_filter=4)
    ins = {'data': R(*xs), 'weight': R(xs[1], 4 // g, *at['kernel'])}
    if at.get('no_bias', True) is False:
        ins['bias'] = R(4)
    C('Deconvolution', at, ins)
for pt in ['max', 'avg', 'sum']:
    C('Pooling', dict(kernel=(2, 3, 2), stride=(1, 2, 2), pad=(1, 1, 0), pool_type=pt), {'data': R(1, 2, 3, 5, 4)})
    C('Pooling', dict(kernel=(2, 2, 2), stride=(2, 2, 2), pool_type=pt, pooling_convention='full'), {'data': R(1, 2, 3, 5, 5)})
    C('Pooling', dict(kernel=(3,), stride=(2,), pad=(1,), pool_type=pt, pooling_convention='full'), {'data': R(1, 2, 8)})
    C('Pooling', dict(kernel=(5, 5), stride=(2, 2), pad=(2, 2), pool_type=pt), {'data': R(2, 1, 5, 6)})
    C('Pooling', dict(kernel=(2, 2), stride=(3, 3), pool_type=pt), {'data': R(2, 1, 8, 7)})
    C('Pooling', dict(global_pool=True, pool_type=pt, kernel=(2, 2), stride=(2, 2), pad=(1, 1)), {'data': R(2, 1, 4, 7)})
    C('Pooling', dict(global_pool=True, pool_type=pt), {'data': R(2, 1, 4)})
    C('Pooling', dict(global_pool=True, pool_type=pt), {'data': R(2, 1, 2, 4, 3)})
for p in [1, 2, 3]:
    C('Pooling', dict(kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type='lp', p_value=p), {'data': R(1, 2, 5, 5)})
C('Pooling', dict(kernel=(3,), stride=(2,), pool_type='max', pooling_convention='same'), {'data': R(1, 2, 8)})
C('Pooling', dict(kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type='avg', count_include_pad=False), {'data': R(2, 2, 7, 7)})
C('Convolution_v1', dict(kernel=(3, 3), num_filter=2), {'data': R(1, 2, 5, 5), 'weight': R(2, 2, 3, 3), 'bias': R(2)})
C('FullyConnected', dict(num_hidden=3), {'data': R(4, 1, 1, 5), 'weight': R(3, 5), 'bias': R(3)})
C('FullyConnected', dict(num_hidden=3, flatten=False, no_bias=True), {'data': R(2, 3, 2, 4), 'weight': R(3, 4)})
C('FullyConnected', dict(num_hidden=3, flatten=False), {'data': R(5, 4), 'weight': R(3, 4), 'bias': R(3)})
for at, xs, ax in [(dict(fix_gamma=False, axis=2), (2, 3, 4), 2), (dict(fix_gamma=True, axis=-1), (2, 3, 4, 2), 3), (dict(fix_gamma=False, momentum=0.0), (4, 3, 2), 1), (dict(fix_gamma=True, use_global_stats=True), (4, 3, 2, 2), 1), (dict(fix_gamma=False, output_mean_var=True), (4, 3, 2, 2), 1), (dict(fix_gamma=False), (2, 2, 2, 3, 2), 1)]:
    c = xs[ax]
    C('BatchNorm', at, {'data': R(*xs), 'gamma': R(c), 'beta': R(c)}, aux={'op_moving_mean': R(c), 'op_moving_var': np.abs(R(c)) + 0.5}, head='skip' if at.get('output_mean_var') else 'random')
for at, xs in [(dict(axis=1), (2, 3, 4)), (dict(axis=0, eps=0.1), (3, 4)), (dict(axis=-2), (2, 3, 4))]:
    c = xs[at['axis']]
    C('LayerNorm', at, {'data': R(*xs), 'gamma': R(c), 'beta': R(c)})
C('LayerNorm', dict(output_mean_var=True), {'data': R(2, 4), 'gamma': R(4), 'beta': R(4)}, head='skip')
C('GroupNorm', dict(num_groups=2), {'data': R(2, 4, 3, 3), 'gamma': R(2), 'beta': R(2)})
C('InstanceNorm', {}, {'data': R(2, 3, 2, 2, 2), 'gamma': R(3), 'beta': R(3)})
for m, xs in [('channel', (2, 3, 2, 2)), ('spatial', (2, 3, 4)), ('instance', (3, 2, 2, 2))]:
    C('L2Normalization', dict(mode=m), {'data': R(*xs)})
C('LRN', dict(nsize=1), {'data': R(2, 3, 2, 2)})
C('LRN', dict(nsize=5, alpha=0.5, beta=0.75, knorm=2), {'data': R(2, 7, 3, 2)})
for sh, ds in [((0, -1), (2, 3, 4)), ((-3, 0), (2, 3, 4)), ((0, 0, -4, -1, 2), (2, 3, 4)), ((-2,), (2, 3)), ((-4, -1, 2, 0, 0), (4, 3, 2)), ((1, -2), (2, 3)), ((0, -3), (2, 3, 4))]:
    C('Reshape', dict(shape=sh), {'data': R(*ds)})
C('Reshape', dict(shape=(-1, 0), reverse=True), {'data': R(4, 3, 2)})
C('reshape_like', {}, {'lhs': R(2, 6), 'rhs': R(3, 4)})
C('Flatten', {}, {'data': R(3)})
C('flatten', {}, {'data': R(2, 2, 2, 2)})
for op, at, xs in [('expand_dims', dict(axis=-1), (2, 3)), ('expand_dims', dict(axis=0), (2,)), ('squeeze', {}, (1, 3, 1)), ('squeeze', dict(axis=1), (2, 1, 3)), ('squeeze', dict(axis=(0, 2)), (1, 2, 1)), ('SwapAxis', dict(dim1=1, dim2=-1), (2, 3, 4)), ('swapaxes', dict(dim1=0, dim2=1), (2, 3)), ('tile', dict(reps=(2, 3)), (2, 2)), ('tile', dict(reps=(2,)), (2, 3)), ('tile', dict(reps=(2, 1, 2)), (2, 3)), ('repeat', dict(repeats=2), (2, 3)), ('repeat', dict(repeats=2, axis=1), (2, 3)), ('repeat', dict(repeats=3, axis=-1), (2, 2)), ('reverse', dict(axis=1), (2, 3)), ('flip', dict(axis=0), (3, 2)), ('reverse', dict(axis=(0, 1)), (2, 3)), ('slice', dict(begin=(None, 1), end=(None, None)), (3, 4)), ('slice', dict(begin=(0, 3), end=(3, 0), step=(2, -1)), (3, 4)), ('slice', dict(begin=(-2,), end=(None,)), (4, 2)), ('slice', dict(begin=(None, -1), end=(None, None), step=(None, -2)), (2, 5)), ('slice_axis', dict(axis=-1, begin=0, end=2), (2, 2, 4)), ('slice_axis', dict(axis=0, begin=-3, end=-1), (4, 2)), ('depth_to_space', dict(block_size=2), (1, 8, 2, 3)), ('space_to_depth', dict(block_size=2), (1, 2, 4, 6)), ('broadcast_axis', dict(axis=(0, 2), size=(2, 3)), (1, 2, 1)), ('broadcast_axes', dict(axis=0, size=2), (1, 2)), ('broadcast_to', dict(shape=(0, 3)), (2, 1)), ('transpose', dict(axes=(2, 0, 1)), (2, 3, 4)), ('transpose', dict(axes=(0, 3, 1, 2)), (1, 2, 3, 4)), ('cast', dict(dtype='float32'), (2, 3)), ('Cast', dict(dtype='int32'), (2, 3)), ('hard_sigmoid', dict(alpha=0.3, beta=0.4), (2, 5)), ('nansum', {}, (2, 3)), ('L2Normalization', {}, (2, 3))]:
    C(op, at, {'data': R(*xs)}, **{'head': 'skip'} if op in ('Cast', 'BlockGrad', 'stop_gradient') else {})
C('stack', dict(axis=1, num_args=2), {'a': R(2, 3), 'b': R(2, 3)})
C('stack', dict(axis=-1, num_args=3), {'a': R(2), 'b': R(2), 'c': R(2)})
C('Concat', dict(dim=-1), {'a': R(2, 1), 'b': R(2, 2)})
C('concat', dict(dim=2), {'a': R(2, 1, 2), 'b': R(2, 1, 2)})
C('SliceChannel', dict(num_outputs=2, axis=0), {'data': R(4, 3)})
C('split', dict(num_outputs=3, axis=-1), {'data': R(2, 3)})
C('SliceChannel', dict(num_outputs=2, axis=1, squeeze_axis=True), {'data': R(3, 2)})
C('slice_like', {}, {'data': R(3, 4), 'shape_like': R(2, 3)})
C('slice_like', dict(axes=(1,)), {'data': R(3, 4), 'shape_like': R(2, 3)})
C('broadcast_like', {}, {'lhs': R(1, 3), 'rhs': R(2, 3)})
C('UpSampling', dict(scale=3, sample_type='nearest', num_args=1), {'data': R(2, 2, 2, 2)})
C('UpSampling', dict(scale=4, sample_type='bilinear', num_filter=2, num_args=2), {'data': R(1, 2, 2, 3), 'weight': R(2, 1, 8, 8)})
C('Pad', dict(mode='constant', pad_width=(0, 0, 0, 0, 1, 1, 0, 2, 2, 0)), {'data': R(1, 1, 2, 3, 2)})
C('Pad', dict(mode='edge', pad_width=(0, 0, 0, 0, 1, 0, 2, 1, 0, 1)), {'data': R(1, 2, 2, 3, 2)})
C('Pad', dict(mode='reflect', pad_width=(0, 0, 0, 0, 1, 1, 1, 1, 0, 1)), {'data': R(1, 1, 3, 3, 2)})
z = np.array([[-100, -20, -0.001, 0, 0.001, 20, 100]], 'float32')
for a in ['relu', 'sigmoid', 'tanh', 'softrelu', 'softsign', 'log_sigmoid', 'mish']:
    C('Activation', dict(act_type=a), {'data': z})
for at in [dict(act_type='elu', slope=0.3), dict(act_type='selu'), dict(act_type='gelu'), dict(act_type='leaky', slope=0.0)]:
    C('LeakyReLU', at, {'data': z})
C('LeakyReLU', dict(act_type='prelu'), {'data': R(3, 4), 'gamma': R(4)})
C('LeakyReLU', dict(act_type='prelu'), {'data': R(2, 3, 2, 2, 2), 'gamma': R(3)})
for op in ['sum', 'mean', 'max', 'min', 'prod', 'nansum', 'nanprod']:
    for at in [dict(axis=(1, 2)), dict(axis=(0, -1), keepdims=True), dict(axis=(0, 1), exclude=True, keepdims=True), dict(keepdims=True), dict(axis=-2)]:
        C(op, at, {'data': R(2, 3, 2, 2)})
C('sum_axis', dict(axis=1), {'data': R(2, 3)})
C('max_axis', dict(axis=0), {'data': R(2, 3)})
for at in [dict(ord=2, axis=(1, 2)), dict(ord=1), dict(ord=2, axis=0, keepdims=True), dict(ord=1, axis=(0, 1))]:
    C('norm', at, {'data': R(2, 3, 2)})
zz = np.array([[-1.5, -0.5, -0.2, 0, 0.2, 0.7, 2.5]], 'float32')
for op in ['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'arcsinh', 'arctan', 'degrees', 'radians', 'sign', 'trunc', 'round', 'logical_not', 'erf', 'exp', 'expm1', 'softsign', 'relu', 'sigmoid', 'make_loss', 'square', 'abs', 'floor', 'ceil', 'rint', 'fix', 'negative']:
    C(op, {}, {'data': zz})
for op in ['arcsin', 'arccos', 'arctanh']:
    C(op, {}, {'data': np.array([[-0.9, -0.3, 0.1, 0.8]], 'float32')})
C('arccosh', {}, {'data': np.array([[1.1, 2, 3]], 'float32')})
for op in ['sqrt', 'rsqrt', 'rcbrt', 'cbrt', 'log', 'log2', 'log10', 'log1p', 'reciprocal', 'gamma', 'gammaln']:
    C(op, {}, {'data': np.abs(R(2, 3)) + 0.1})
for op in ['_mod', '_power', '_maximum', '_minimum', '_hypot', '_greater', '_lesser', '_greater_equal', '_lesser_equal', '_equal', '_not_equal', '_logical_and', '_logical_or', '_logical_xor']:
    a, b = (np.abs(R(2, 3)) + 0.2, np.abs(R(2, 3)) + 0.2)
    b[0, 0] = a[0, 0]
    C('_internal.' + op, {}, {'lhs': a, 'rhs': b})
for op in ['broadcast_mod', 'broadcast_hypot', 'broadcast_lesser', 'broadcast_not_equal', 'broadcast_greater_equal', 'broadcast_lesser_equal', 'broadcast_logical_and', 'broadcast_logical_or', 'broadcast_logical_xor', 'broadcast_plus', 'broadcast_minus']:
    a, b = (np.abs(R(2, 3)) + 0.2, np.abs(R(1, 3)) + 0.2)
    b[0, 0] = a[0, 0]
    C(op, {}, {'lhs': a, 'rhs': b})
for op in ['broadcast_add', 'broadcast_mul', 'broadcast_sub', 'broadcast_div', 'broadcast_maximum']:
    C(op, {}, {'lhs': np.abs(R(2, 1, 3)) + 0.2, 'rhs': np.abs(R(1, 4, 1)) + 0.2})
for op, sc in [('_RModScalar', 2.3), ('_LesserScalar', 0.7), ('_NotEqualScalar', 0.7), ('_GreaterEqualScalar', 0.7), ('_LesserEqualScalar', 0.7), ('_PowerScalar', -1.5), ('_PowerScalar', 0.5), ('_RPowerScalar', 0.5), ('_HypotScalar', 1.5), ('_ModScalar', -0.4), ('_LogicalAndScalar', 1.0), ('_DivScalar', 3.0), ('_MaximumScalar', -1), ('_logical_or_scalar', 0.0), ('_plus_scalar', 1.5), ('_mul_scalar', 2.0), ('_rminus_scalar', 1.0), ('_rdiv_scalar', 2.0)]:
    C('_internal.' + op, dict(scalar=sc), {'data': np.array([[0.7, 1.3, 0.2]], 'float32')})
C('clip', dict(a_min=-1, a_max=1), {'data': R(2, 5) * 2})
C('add_n', {}, {'a': R(2), 'b': R(2)})
C('ElementWiseSum', {}, {'a': R(2, 2), 'b': R(2, 2)})
C('dot', dict(transpose_a=True), {'lhs': R(3), 'rhs': R(3)})
C('dot', {}, {'lhs': R(2, 3), 'rhs': R(3)})
C('dot', {}, {'lhs': R(3), 'rhs': R(3, 2)})
C('dot', {}, {'lhs': R(2, 3), 'rhs': R(3, 2, 2)})
C('dot', dict(transpose_b=True), {'lhs': R(2, 2, 3), 'rhs': R(4, 3)})
C('batch_dot', {}, {'lhs': R(2, 2, 3), 'rhs': R(2, 3, 1)})
for at in [dict(axis=-2), dict(temperature=0.5, axis=1), dict(axis=0, temperature=3.0)]:
    C('softmax', at, {'data': R(2, 3, 2)})
    C('log_softmax', at, {'data': R(2, 3, 2)})
C('softmin', {}, {'data': R(2, 3)})
C('softmin', dict(axis=0), {'data': R(2, 3)})
C('softmax', dict(use_length=True, axis=1), {'data': R(2, 3), 'length': np.array([2, 3], 'int32')}, head='skip')
C('SoftmaxActivation', {}, {'data': R(3, 4)})
C('SoftmaxActivation', dict(mode='channel'), {'data': R(2, 3, 2, 2)})
C('take', dict(axis=-1), {'a': R(2, 4), 'indices': np.array([0, 3, 5, -1], 'float32')})
C('take', dict(axis=1, mode='wrap'), {'a': R(2, 4, 2), 'indices': np.array([[5, -1]], 'float32')})
C('pick', dict(axis=1, mode='wrap'), {'data': R(2, 3), 'index': np.array([4, -1], 'float32')})
C('pick', dict(axis=1, keepdims=True), {'data': R(2, 3, 2), 'index': np.array([[[0, 1]], [[2, 0]]], 'float32')})
C('one_hot', dict(depth=4, on_value=0.9, off_value=0.1), {'indices': np.array([1, 3, 0], 'float32')})
C('one_hot', dict(depth=3, dtype='int32'), {'indices': np.array([1, 3, 0], 'float32')}, head='skip')
C('gather_nd', {}, {'data': R(3, 4), 'indices': np.array([[0, 2], [1, 3]], 'float32')})
C('scatter_nd', dict(shape=(3, 4)), {'data': R(2), 'indices': np.array([[0, 2], [1, 3]], 'float32')})
C('where', {}, {'condition': np.array([[1, 0, 2]], 'float32'), 'x': R(1, 3), 'y': R(1, 3)})
C('where', {}, {'condition': np.array([0, 1, 0], 'float32'), 'x': R(3, 2, 2), 'y': R(3, 2, 2)})
C('Embedding', dict(input_dim=4, output_dim=3), {'data': np.array([[[0, 1], [3, 3]]], 'float32'), 'weight': R(4, 3)}, nograd=['data'])
t = np.array([[1, 3, 3, 0], [2, 2, 0, 5], [1, 1, 1, 1]], 'float32')
for at in [dict(k=2, ret_typ='value'), dict(k=2, ret_typ='both'), dict(k=3, ret_typ='mask'), dict(k=2, axis=0), dict(k=1, is_ascend=True), dict(k=2, is_ascend=True, ret_typ='both'), dict(axis=None, k=3), dict(k=0)]:
    C('topk', at, {'data': R(3, 4)}, head='skip')
for at in [dict(k=2), dict(k=2, ret_typ='both', is_ascend=True)]:
    C('topk', at, {'data': t}, name='topk_ties', head='skip')
C('topk', dict(k=2, ret_typ='value'), {'data': R(3, 4)}, name='topk_grad')
C('sort', {}, {'data': R(2, 4)}, name='sort_grad')
for at in [dict(axis=0), dict(is_ascend=False), dict(axis=None)]:
    C('sort', at, {'data': R(3, 4)}, head='skip')
    C('argsort', at, {'data': R(3, 4)}, head='skip')
for op in ['argmax', 'argmin']:
    for at in [dict(axis=-1), dict(axis=1, keepdims=True), dict(keepdims=True)]:
        C(op, at, {'data': R(2, 3, 2)}, head='skip')
for op in ['SequenceMask', 'SequenceLast', 'SequenceReverse']:
    C(op, {}, {'data': R(3, 2, 2)})
    C(op, dict(use_sequence_length=True), {'data': R(3, 2, 2), 'sequence_length': np.array([2, 3], 'float32')}, nograd=['sequence_length'])
C('SequenceMask', dict(use_sequence_length=True, value=-1, axis=1), {'data': R(2, 3, 2), 'sequence_length': np.array([2, 1], 'float32')}, nograd=['sequence_length'])
C('Crop', dict(h_w=(3, 3), num_args=1), {'data': R(2, 2, 4, 5)})
feat = R(2, 3, 9, 7)
for ps, sc in [((2, 3), 0.5), ((7, 7), 0.25), ((1, 1), 1.0), ((4, 2), 0.3)]:
    rois = np.round(np.concatenate([S.rng.randint(0, 2, (6, 1)), np.sort(S.rng.uniform(0, 20, (6, 2, 2)), 1).transpose(0, 1, 2).reshape(6, 4)], 1), 2).astype('float32')
    C('ROIPooling', dict(pooled_size=ps, spatial_scale=sc), {'data': feat, 'rois': rois})
for at, xs, lab in [(dict(multi_output=True, normalization='valid', use_ignore=True, ignore_label=0), (2, 3, 4), (2, 4)), (dict(preserve_shape=True, multi_output=False, grad_scale=0.3), (2, 3, 4), (2, 3)), (dict(multi_output=True, preserve_shape=True), (2, 3, 2, 2), (2, 2, 2)), (dict(normalization='valid', smooth_alpha=0.2, use_ignore=True, ignore_label=1), (4, 3), (4,)), (dict(multi_output=True, normalization='batch', grad_scale=4.0), (3, 2, 5), (3, 5)), (dict(normalization='valid'), (4, 3), (4,))]:
    C('SoftmaxOutput', at, {'data': R(*xs), 'label': S.rng.randint(0, xs[1] if at.get('multi_output') else xs[-1], lab).astype('float32')}, head=None)
C('Softmax', dict(grad_scale=2.0), {'data': R(3, 4), 'label': np.array([0, 3, 2], 'float32')}, head=None)
for op in ['LinearRegressionOutput', 'LogisticRegressionOutput', 'MAERegressionOutput']:
    C(op, dict(grad_scale=0.7), {'data': R(5, 1), 'label': S.rand(0, 1, 5, 1)}, head=None)
    C(op, {}, {'data': R(5), 'label': S.rand(0, 1, 5)}, head=None)
    C(op, {}, {'data': R(2, 3, 2), 'label': S.rand(0, 1, 2, 3, 2)}, head=None)
for l in [0, 1]:
    C('SVMOutput', dict(margin=2.0, regularization_coefficient=0.3, use_linear=bool(l)), {'data': R(5, 4), 'label': np.array([0, 1, 2, 3, 1], 'float32')}, head=None)
for n in ['null', 'batch', 'valid']:
    C('MakeLoss', dict(normalization=n, grad_scale=2.0, valid_thresh=-0.5), {'data': R(3, 2, 2)}, head=None)
C('CTCLoss', dict(use_data_lengths=True, use_label_lengths=True), {'data': R(6, 2, 4), 'label': np.array([[1, 2, 3], [3, 1, 0]], 'float32'), 'data_lengths': np.array([5, 6], 'float32'), 'label_lengths': np.array([3, 2], 'float32')}, nograd=['label', 'data_lengths', 'label_lengths'])
C('CTCLoss', dict(use_data_lengths=True), {'data': R(6, 2, 4), 'label': np.array([[1, 2, 0], [3, 1, 2]], 'float32'), 'data_lengths': np.array([4, 6], 'float32')}, nograd=['label', 'data_lengths'])
C('CTCLoss', {}, {'data': R(2, 2, 4), 'label': np.array([[1, 1, 1], [3, 1, 2]], 'float32')}, name='CTCLoss_short', nograd=['label'])
C('ctc_loss', {}, {'data': R(5, 1, 3), 'label': np.array([[1, 1]], 'float32')}, nograd=['label'])
C('softmax_cross_entropy', {}, {'data': R(4, 5), 'label': np.array([0, 4, 2, 2], 'float32')}, nograd=['label'])
C('IdentityAttachKLSparseReg', dict(sparseness_target=0.1, penalty=0.001, momentum=0.9), {'data': S.rand(0.05, 0.95, 3, 2)}, aux={'op_moving_avg': np.array([0.3, 0.5], 'float32')})
S.save()
