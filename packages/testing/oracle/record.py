#!/usr/bin/env python3
"""Runs MXNet 1.9.1 and records what it computes, as JSON.

Setup (CPython 3.8, Linux x86_64):
    python3.8 -m venv venv && venv/bin/pip install "mxnet==1.9.1" "numpy==1.23.5"
Run:
    venv/bin/python record.py [--out DIR] [section ...]
Sections (default: all): losses customop symbols optim schedulers initializers metrics operators
                         training io gluon
Each section is seeded separately (so sections are independent of each other) and is written to
DIR/<section>.json as {"section", "mxnet", "cases": [...]}.

Array encoding: {"shape": [...], "data": [flat row-major]}; float32 values are printed with 9
significant digits (exact round trip to float32); non-finite values are the strings "NaN",
"Infinity", "-Infinity".

Case kinds: op | customop | net (one forward/backward: inputs, headGrads (null = backward() without
head gradients), outputs, grads, aux_before / aux_after_forward / aux_after, gradReq, gradInit),
customop_steps, shape (given -> argShapes/outShapes/auxShapes), error (must be rejected), symbol,
naming, attrs, optimizer (weight, grads per step, trajectory per step, final state), optimizer_mult,
optimizer_sched, scheduler, scheduler_error, initializer, initializer_gram, metric (updates, values
after each, global, afterResetLocal, ...), metric_dict, metric_error, training (json graph + initial
values + data -> outputs/args/aux after every step), iter, iter_error, iter_names, split,
params_file (base64), checkpoint, events, callback, monitor, gluon_loss (head gradient = ones).
"net" cases of section symbols refer to the graph of case symbol_<net> or carry their own "json".
"""
import os, sys, json, zlib
os.environ['OMP_NUM_THREADS'] = '1'
os.environ['MXNET_SUBGRAPH_BACKEND'] = 'NONE'   # no graph fusion
os.environ['MXNET_MKLDNN_ENABLED'] = '0'        # plain reference kernels
os.environ['MXNET_CPU_WORKER_NTHREADS'] = '1'
os.environ['MXNET_STORAGE_FALLBACK_LOG_VERBOSE'] = '0'
os.environ.setdefault('MXNET_SUBGRAPH_VERBOSE', '0')
import logging
logging.basicConfig(level=logging.ERROR)
import numpy as np
import mxnet as mx
from mxnet import nd, sym

OUT = os.path.dirname(os.path.abspath(__file__))


# ----------------------------------------------------------------------------- helpers
def num(v):
    v = float(v)
    if v != v:
        return 'NaN'
    if v == float('inf'):
        return 'Infinity'
    if v == float('-inf'):
        return '-Infinity'
    if v == int(v) and abs(v) < 1e15:
        return int(v)
    return float('%.9g' % v)


def num64(v):
    v = float(v)
    if v != v:
        return 'NaN'
    if v in (float('inf'), float('-inf')):
        return 'Infinity' if v > 0 else '-Infinity'
    return int(v) if v == int(v) and abs(v) < 1e15 else v


def enc(a):
    if isinstance(a, nd.NDArray):
        a = a.asnumpy()
    a = np.asarray(a)
    return {'shape': list(a.shape), 'data': [num(v) for v in a.ravel()]}


def encd(d):
    return {k: enc(v) for k, v in d.items()}


def jattrs(attrs):
    out = {}
    for k, v in attrs.items():
        if isinstance(v, (tuple, list)):
            v = [x for x in v]
        out[k] = v
    return out


class Section(object):
    def __init__(self, name):
        self.name, self.cases, self.names = name, [], set()
        self.rng = np.random.RandomState(zlib.crc32(name.encode()) & 0x7fffffff)
        mx.random.seed(1234)
        np.random.seed(1234)

    def add(self, c):
        assert c['name'] not in self.names, c['name']
        self.names.add(c['name'])
        self.cases.append(c)

    def randn(self, *shape):
        # 4-decimal values keep the files small and are exactly reproducible
        return np.round(self.rng.randn(*shape), 3).astype('float32')

    def rand(self, lo, hi, *shape):
        return np.round(self.rng.uniform(lo, hi, shape), 3).astype('float32')

    def save(self):
        p = os.path.join(OUT, self.name + '.json')
        with open(p, 'w') as f:
            f.write('{"section":%s,"mxnet":%s,"cases":[\n' % (json.dumps(self.name),
                                                           json.dumps(mx.__version__)))
            f.write(',\n'.join(json.dumps(c, separators=(',', ':')) for c in self.cases))
            f.write('\n]}\n')
        print('%-14s %4d cases %8d bytes' % (self.name, len(self.cases), os.path.getsize(p)))


def build(op, attrs, input_names, name='op'):
    """Symbol for one operator; input variables are created explicitly and passed positionally."""
    vs = [sym.Variable(n) for n in input_names]
    f = sym
    for part in op.split('.'):
        f = getattr(f, part)
    return f(*vs, name=name, **attrs)


def run_sym(S, s, inputs, aux=None, head='random', is_train=True, grad_req='write',
            grad_init=None, grad_scale_heads=1.0):
    """bind + forward + backward; returns a dict with the array parts of a case.
    head: 'random' | None (call backward() without head gradients) | list of arrays | 'skip'."""
    args = {k: nd.array(v, dtype=np.asarray(v).dtype if np.asarray(v).dtype in (np.int32, np.float64)
                        else 'float32') for k, v in inputs.items()}
    argn = s.list_arguments()
    grads = {k: (nd.zeros(args[k].shape) if grad_init is None
                 else nd.array(grad_init[k])) for k in argn}
    auxn = s.list_auxiliary_states()
    aux = aux or {}
    auxs = {k: nd.array(aux[k]) for k in auxn}
    ex = s.bind(mx.cpu(), {k: args[k] for k in argn}, args_grad=grads if head != 'skip' else None,
                grad_req=grad_req if head != 'skip' else 'null', aux_states=auxs)
    r = {'argNames': argn, 'auxNames': auxn, 'outputNames': s.list_outputs(),
         'isTrain': bool(is_train), 'inputs': encd(inputs)}
    if auxn:
        r['aux_before'] = encd(auxs)
    outs = ex.forward(is_train=is_train)
    for o in outs:
        o.wait_to_read()
    r['outputs'] = [enc(o) for o in outs]
    if auxn:
        r['aux_after_forward'] = encd(auxs)
    if head != 'skip':
        hs = None
        if isinstance(head, str) and head == 'random':
            hs = [nd.array(S.randn(*o.shape)) for o in outs]
        elif head is not None:
            hs = [nd.array(h) for h in head]
        r['headGrads'] = None if hs is None else [enc(h) for h in hs]
        if grad_req != 'write':
            r['gradReq'] = grad_req
        if grad_init is not None:
            r['gradInit'] = encd(grad_init)
        ex.backward(hs)
        nd.waitall()
        r['grads'] = encd({k: v for k, v in zip(argn, ex.grad_arrays) if v is not None})
    if auxn:
        r['aux_after'] = encd(auxs)
    return r


def op_case(S, name, op, attrs, inputs, kind='op', order=None, note=None, **kw):
    order = order or list(inputs.keys())
    s = build(op, attrs, order)
    c = {'name': name, 'kind': kind, 'op': op, 'attrs': jattrs(attrs), 'inputOrder': order}
    if note:
        c['note'] = note
    c.update(run_sym(S, s, inputs, **kw))
    S.add(c)
    return c


def err_case(S, name, op, attrs, shapes, order=None, note=None):
    """A case that must be rejected by shape inference (or by attribute parsing)."""
    c = {'name': name, 'kind': 'error', 'op': op, 'attrs': jattrs(attrs),
         'shapes': {k: list(v) for k, v in shapes.items()}, 'inputOrder': order or list(shapes)}
    try:
        s = build(op, attrs, order or list(shapes))
        s.infer_shape(**shapes)
    except Exception as e:
        c['error'] = type(e).__name__
        if note:
            c['note'] = note
        S.add(c)
        return
    raise AssertionError('expected an error: ' + name)


# ----------------------------------------------------------------------------- losses
def sec_losses():
    S = Section('losses')
    x2 = S.randn(4, 5)
    lab2 = np.array([3, 0, 4, 1], 'float32')
    lab2i = np.array([3, -1, 2, -1], 'float32')
    n = 0
    for norm in ['null', 'batch', 'valid']:
        for use_ignore in [False, True]:
            for alpha in [0.0, 0.1]:
                for gs in [1.0, 0.5]:
                    n += 1
                    op_case(S, 'softmaxout_%s_ign%d_a%g_gs%g' % (norm, use_ignore, alpha, gs),
                            'SoftmaxOutput', dict(normalization=norm, use_ignore=use_ignore, ignore_label=2 if alpha else -1,
                                                  smooth_alpha=alpha, grad_scale=gs),
                            {'data': x2, 'label': np.array([3, 2, 4, 2], 'float32') if alpha else lab2i if use_ignore else lab2},
                            head=None)
    op_case(S, 'softmaxout_default', 'SoftmaxOutput', {}, {'data': x2, 'label': lab2}, head=None)
    op_case(S, 'softmaxout_headgrad_ignored', 'SoftmaxOutput', {}, {'data': x2, 'label': lab2},
            head='random', note='head gradient is ignored')
    op_case(S, 'softmaxout_label_out_of_range', 'SoftmaxOutput', {},
            {'data': x2, 'label': np.array([7, -3, 1.9, 2.2], 'float32')}, head=None,
            note='labels truncate toward zero; out-of-range labels subtract nothing')
    op_case(S, 'softmaxout_all_ignored_valid', 'SoftmaxOutput',
            dict(normalization='valid', use_ignore=True, ignore_label=1),
            {'data': x2, 'label': np.ones(4, 'float32')}, head=None)
    op_case(S, 'softmaxout_out_grad_bug', 'SoftmaxOutput', dict(out_grad=True),
            {'data': x2, 'label': lab2}, head='random',
            note='1.9.1: multiplies by the softmax OUTPUT instead of the head gradient')
    op_case(S, 'softmaxout_prob_label', 'SoftmaxOutput', dict(grad_scale=0.7, normalization='batch'),
            {'data': x2, 'label': S.rand(0, 1, 4, 5)}, head=None,
            note='same-shape label: normalization is ignored')
    x4 = S.randn(2, 3, 2, 2)
    lab4 = np.array([[[0, 1], [2, 1]], [[1, 0], [0, 2]]], 'float32')
    for norm in ['null', 'batch', 'valid']:
        for use_ignore in [False, True]:
            op_case(S, 'softmaxout_multi_%s_ign%d' % (norm, use_ignore), 'SoftmaxOutput',
                    dict(multi_output=True, normalization=norm, use_ignore=use_ignore, ignore_label=1,
                         grad_scale=2.0), {'data': x4, 'label': lab4}, head=None)
    op_case(S, 'softmaxout_multi_smooth_noeffect', 'SoftmaxOutput',
            dict(multi_output=True, smooth_alpha=0.2), {'data': x4, 'label': lab4.reshape(2, 4)}, head=None,
            note='smooth_alpha is ignored with multi_output')
    op_case(S, 'softmaxout_multi_label_keepdim', 'SoftmaxOutput', dict(multi_output=True),
            {'data': x4, 'label': lab4.reshape(2, 1, 2, 2)}, head=None)
    x3 = S.randn(2, 3, 4)
    op_case(S, 'softmaxout_preserve_shape', 'SoftmaxOutput',
            dict(preserve_shape=True, normalization='batch'),
            {'data': x3, 'label': np.array([[0, 1, 3], [2, 2, 1]], 'float32')}, head=None,
            note="'batch' divides by the number of labels (rows), here 6")
    op_case(S, 'softmaxout_preserve_shape_smooth_valid', 'SoftmaxOutput',
            dict(preserve_shape=True, normalization='valid', smooth_alpha=0.3, use_ignore=True, ignore_label=2),
            {'data': x3, 'label': np.array([[0, 1, 3], [2, 2, 1]], 'float32')}, head=None)
    op_case(S, 'softmaxout_3d_flattened', 'SoftmaxOutput', dict(normalization='batch'),
            {'data': x3, 'label': np.array([[5, 1, 3], [2, 11, 1]], 'float32')}, head=None,
            note='softmax over 12 flattened entries; only the first N flattened labels are read; batch divides by 6')
    for op in ['LinearRegressionOutput', 'LogisticRegressionOutput', 'MAERegressionOutput']:
        for gs in [1.0, 3.0]:
            x = S.randn(3, 4)
            lab = S.randn(3, 4) if 'Logistic' not in op else S.rand(0, 1, 3, 4)
            lab[0, 0] = x[0, 0]
            op_case(S, '%s_gs%g' % (op, gs), op, dict(grad_scale=gs), {'data': x, 'label': lab}, head=None)
        op_case(S, op + '_1d_label', op, {}, {'data': S.randn(3, 1), 'label': S.rand(0, 1, 3)}, head=None)
        op_case(S, op + '_4d', op, dict(grad_scale=0.5),
                {'data': S.randn(2, 2, 2, 2), 'label': S.rand(0, 1, 2, 2, 2, 2)}, head='random',
                note='divides by 8 = label elements per sample; head gradient ignored')
        op_case(S, op + '_label_reshaped', op, {}, {'data': S.randn(2, 2, 3), 'label': S.rand(0, 1, 2, 6)},
                head=None)
    for lin in [False, True]:
        for m, c in [(1.0, 1.0), (0.5, 0.2)]:
            op_case(S, 'svm_lin%d_m%g_c%g' % (lin, m, c), 'SVMOutput',
                    dict(margin=m, regularization_coefficient=c, use_linear=lin),
                    {'data': np.concatenate([S.randn(3, 4), [[m, -m, m, -m]]]).astype('float32'),
                     'label': np.array([1, 3, 0, 2], 'float32')}, head=None)
    for norm in ['null', 'batch', 'valid']:
        for shp in [(6,), (2, 3), (2, 3, 2), (1,)]:
            op_case(S, 'makeloss_%s_%s' % (norm, 'x'.join(map(str, shp))), 'MakeLoss',
                    dict(normalization=norm, grad_scale=0.3, valid_thresh=0.1),
                    {'data': S.randn(*shp)}, head='random', note='head gradient ignored')
    op_case(S, 'makeloss_valid_at_thresh', 'MakeLoss', dict(normalization='valid', valid_thresh=1.0),
            {'data': np.array([[0.5, 1.0, 1.5], [2, 1, -3]], 'float32')}, head=None)
    op_case(S, 'makeloss_valid_none', 'MakeLoss', dict(normalization='valid', valid_thresh=9.0),
            {'data': S.randn(2, 2)}, head=None)
    op_case(S, 'make_loss_lowercase', 'make_loss', {}, {'data': S.randn(2, 3)}, head='random',
            note='lower-case make_loss: gradient is all ones, head gradient ignored')
    for sc in [1.0, 0.5, 2.0, 3.0]:
        b = 1.0 / (sc * sc)
        op_case(S, 'smooth_l1_%g' % sc, 'smooth_l1', dict(scalar=sc),
                {'data': np.array([[b, -b, b * 1.0001, -b * 1.0001, 0, b * .5], [2, -2, 5, -5, .01, -.01]], 'float32')})
    op_case(S, 'softmax_cross_entropy', 'softmax_cross_entropy', {},
            {'data': np.array([[1, 2, 3], [11, 7, 5], [40, 0, -10]], 'float32'),
             'label': np.array([2, 0, 2], 'float32')},
            grad_req={'data': 'write', 'label': 'null'}, note='probability is clamped below at 1e-8')
    op_case(S, 'BlockGrad', 'BlockGrad', {}, {'data': S.randn(2, 3)})
    op_case(S, 'identity', 'identity', {}, {'data': S.randn(2, 3)})
    op_case(S, 'kl_sparse_reg', 'IdentityAttachKLSparseReg',
            dict(sparseness_target=0.2, penalty=0.01, momentum=0.8), {'data': S.rand(0.05, 0.95, 4, 3)},
            aux={'op_moving_avg': np.array([.3, .4, .5], 'float32')})
    # grad_req='add' quirks (data is directly an argument)
    for op, lab in [('SoftmaxOutput', lab2), ('LinearRegressionOutput', S.randn(4, 5)),
                    ('SVMOutput', lab2), ('MakeLoss', None)]:
        ins = {'data': x2}
        if lab is not None:
            ins['label'] = lab
        op_case(S, op + '_grad_add', op, {}, ins, head=None, grad_req='add',
                grad_init={k: np.full(np.shape(v), 10, 'float32') for k, v in ins.items()},
                note='grad_req add: Softmax/SVM overwrite; regression gives (g0+r)*(1+scale/n)')
    # CTC
    op_case(S, 'ctc_first', 'CTCLoss', {}, {'data': S.randn(5, 2, 4), 'label': np.array([[1, 2, 0], [3, 3, 0]], 'float32')},
            grad_req={'data': 'write', 'label': 'null'})
    op_case(S, 'ctc_last', 'CTCLoss', dict(blank_label='last'),
            {'data': S.randn(5, 2, 4), 'label': np.array([[1, 2, -1], [0, 0, -1]], 'float32')},
            grad_req={'data': 'write', 'label': 'null'})
    # label-shape inference + errors
    for nm, op, at, sh in [
            ('softmax2d', 'SoftmaxOutput', {}, (4, 5)), ('softmax3d', 'SoftmaxOutput', {}, (4, 5, 6)),
            ('softmax_multi', 'SoftmaxOutput', dict(multi_output=True), (4, 5, 6, 7)),
            ('softmax_preserve', 'SoftmaxOutput', dict(preserve_shape=True), (4, 5, 6)),
            ('linreg', 'LinearRegressionOutput', {}, (4, 5)), ('linreg_n1', 'LinearRegressionOutput', {}, (4, 1)),
            ('linreg4', 'MAERegressionOutput', {}, (4, 1, 1)), ('logreg', 'LogisticRegressionOutput', {}, (4, 2, 3)),
            ('svm', 'SVMOutput', {}, (4, 5)), ('svm3', 'SVMOutput', {}, (4, 5, 2))]:
        s = build(op, at, ['data', 'label'])
        a, o, x = s.infer_shape(data=sh)
        S.add({'name': 'labelshape_' + nm, 'kind': 'shape', 'op': op, 'attrs': jattrs(at),
               'given': {'data': list(sh)}, 'argShapes': dict(zip(s.list_arguments(), map(list, a))),
               'outShapes': [list(v) for v in o], 'auxShapes': [list(v) for v in x]})
    err_case(S, 'err_softmax_label', 'SoftmaxOutput', {}, {'data': (4, 5), 'label': (3,)})
    err_case(S, 'err_softmax_multi_label', 'SoftmaxOutput', dict(multi_output=True), {'data': (4, 5, 6), 'label': (4, 5)})
    err_case(S, 'err_linreg_label', 'LinearRegressionOutput', {}, {'data': (4, 5), 'label': (4, 4)})
    err_case(S, 'err_sce_ndim', 'softmax_cross_entropy', {}, {'data': (4, 5, 1), 'label': (4,)})
    err_case(S, 'err_smooth_alpha_range', 'SoftmaxOutput', dict(smooth_alpha=1.5), {'data': (4, 5)}, order=['data'])
    err_case(S, 'err_bad_norm', 'SoftmaxOutput', dict(normalization='foo'), {'data': (4, 5)}, order=['data'])
    err_case(S, 'err_unknown_param', 'SoftmaxOutput', dict(foo=1), {'data': (4, 5)}, order=['data'])
    S.save()


# ----------------------------------------------------------------------------- custom ops
class CenterLoss(mx.operator.CustomOp):
    def __init__(self, alpha, scale, div_batch):
        super(CenterLoss, self).__init__()
        self.alpha, self.scale, self.div_batch = alpha, scale, div_batch

    def forward(self, is_train, req, in_data, out_data, aux):
        lab = in_data[1].asnumpy().astype(int)
        x, center = in_data[0].asnumpy(), aux[1].asnumpy()
        diff = x - center[lab]
        aux[0][:] = diff
        loss = (diff.astype('float64') ** 2).sum() / x.shape[0] / 2
        self.assign(out_data[0], req[0], nd.array([loss]))

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        diff = aux[0].asnumpy()
        s = self.scale / diff.shape[0] if self.div_batch else self.scale
        self.assign(in_grad[0], req[0], nd.array(diff * s))
        self.assign(in_grad[1], req[1], nd.zeros(in_grad[1].shape))   # unassigned buffers hold garbage
        lab = in_data[1].asnumpy().astype(int)
        center = aux[1].asnumpy()
        for k in np.unique(lab):
            m = lab == k
            center[k] += self.alpha * diff[m].sum(0) / (1 + m.sum())
        aux[1][:] = center


@mx.operator.register('centerloss')
class CenterLossProp(mx.operator.CustomOpProp):
    def __init__(self, num_class, alpha, scale=1.0, batchsize=64, div_batch='0'):
        super(CenterLossProp, self).__init__(need_top_grad=False)
        self.num_class, self.alpha, self.scale = int(num_class), float(alpha), float(scale)
        self.div_batch = bool(int(div_batch))

    def list_arguments(self):
        return ['data', 'label']

    def list_outputs(self):
        return ['output']

    def list_auxiliary_states(self):
        return ['diff_bias', 'center_bias']

    def infer_shape(self, in_shape):
        d = in_shape[0]
        return [d, [d[0]]], [[1]], [d, [self.num_class, d[1]]]

    def create_operator(self, ctx, shapes, dtypes):
        return CenterLoss(self.alpha, self.scale, self.div_batch)


class ScaleOp(mx.operator.CustomOp):
    """y = k*x; dx = k*dy (+ counts of calls in aux[0])"""
    def __init__(self, k):
        super(ScaleOp, self).__init__()
        self.k = k

    def forward(self, is_train, req, in_data, out_data, aux):
        aux[0][:] = aux[0] + (1 if is_train else 100)
        self.assign(out_data[0], req[0], in_data[0] * self.k)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        aux[0][:] = aux[0] + 10000
        self.assign(in_grad[0], req[0], out_grad[0] * self.k)


@mx.operator.register('scaleop')
class ScaleProp(mx.operator.CustomOpProp):
    def __init__(self, k='2'):
        super(ScaleProp, self).__init__(need_top_grad=True)
        self.k = float(k)

    def list_auxiliary_states(self):
        return ['calls']

    def infer_shape(self, in_shape):
        return in_shape, [in_shape[0]], [[1]]

    def create_operator(self, ctx, shapes, dtypes):
        return ScaleOp(self.k)


def sec_customop():
    S = Section('customop')
    for alpha, scale, dv in [(0.5, 1.0, 0), (0.2, 0.01, 0), (0.5, 1.0, 1)]:
        x = S.randn(6, 3)
        lab = np.array([0, 2, 2, 1, 0, 2], 'float32')
        s = sym.Custom(sym.Variable('data'), sym.Variable('label'), name='op', op_type='centerloss',
                       num_class=4, alpha=alpha, scale=scale, batchsize=6, div_batch=dv)
        c = {'name': 'centerloss_a%g_s%g_div%d' % (alpha, scale, dv), 'kind': 'customop', 'op': 'centerloss',
             'attrs': {'num_class': 4, 'alpha': alpha, 'scale': scale, 'div_batch': dv},
             'inputOrder': ['data', 'label']}
        c.update(run_sym(S, s, {'data': x, 'label': lab}, head=None,
                         aux={'op_diff_bias': np.zeros((6, 3)), 'op_center_bias': S.randn(4, 3)}))
        S.add(c)
    # five successive forward/backward calls with constant data
    x, lab = S.randn(6, 3), np.array([0, 2, 2, 1, 0, 2], 'float32')
    s = sym.Custom(sym.Variable('data'), sym.Variable('label'), name='op', op_type='centerloss', num_class=4, alpha=0.5, scale=1.0)
    aux = {'op_diff_bias': nd.zeros((6, 3)), 'op_center_bias': nd.zeros((4, 3))}
    g = {'data': nd.zeros((6, 3)), 'label': nd.zeros((6,))}
    ex = s.bind(mx.cpu(), {'data': nd.array(x), 'label': nd.array(lab)}, args_grad=g, aux_states=aux)
    steps = []
    for _ in range(5):
        o = ex.forward(is_train=True)[0].asnumpy()
        ex.backward()
        steps.append({'output': enc(o), 'grad': enc(g['data']), 'center': enc(aux['op_center_bias'])})
    S.add({'name': 'centerloss_5steps', 'kind': 'customop_steps', 'op': 'centerloss',
           'attrs': {'num_class': 4, 'alpha': 0.5, 'scale': 1.0, 'div_batch': 0},
           'inputs': encd({'data': x, 'label': lab}), 'aux_before': encd({'op_center_bias': np.zeros((4, 3))}),
           'steps': steps})
    # scale op: write / add / null
    for req in ['write', 'add', 'null']:
        x = S.randn(2, 3)
        s = sym.Custom(sym.Variable('data'), name='op', op_type='scaleop', k=3)
        c = {'name': 'scaleop_' + req, 'kind': 'customop', 'op': 'scaleop', 'attrs': {'k': 3}, 'inputOrder': ['data']}
        c.update(run_sym(S, s, {'data': x}, aux={'op_calls': np.zeros(1)}, grad_req=req,
                         grad_init={'data': np.full((2, 3), 10, 'float32')}))
        S.add(c)
    for is_train in [True, False]:
        s = sym.Custom(sym.Variable('data'), name='op', op_type='scaleop')
        c = {'name': 'scaleop_fwd_train%d' % is_train, 'kind': 'customop', 'op': 'scaleop', 'attrs': {'k': 2}, 'inputOrder': ['data']}
        c.update(run_sym(S, s, {'data': S.randn(2, 2)}, aux={'op_calls': np.zeros(1)}, head='skip', is_train=is_train))
        S.add(c)
    # inside a net: FullyConnected -> Custom -> LinearRegressionOutput
    fc = sym.FullyConnected(sym.Variable('data'), num_hidden=2, name='fc')
    s = sym.LinearRegressionOutput(sym.Custom(fc, op_type='scaleop', k=0.5, name='sc'), sym.Variable('label'), name='lro')
    c = {'name': 'net_fc_scaleop_linreg', 'kind': 'net', 'op': 'fc->scaleop(0.5)->LinearRegressionOutput', 'attrs': {}}
    c.update(run_sym(S, s, {'data': S.randn(3, 4), 'fc_weight': S.randn(2, 4), 'fc_bias': S.randn(2), 'label': S.randn(3, 2)},
                     aux={'sc_calls': np.zeros(1)}, head=None))
    S.add(c)
    S.save()


# ----------------------------------------------------------------------------- symbols
def lenet():
    d = sym.Variable('data')
    c1 = sym.Convolution(d, kernel=(5, 5), num_filter=4, name='conv1')
    a1 = sym.Activation(c1, act_type='tanh', name='tanh1')
    p1 = sym.Pooling(a1, pool_type='max', kernel=(2, 2), stride=(2, 2), name='pool1')
    c2 = sym.Convolution(p1, kernel=(5, 5), num_filter=6, name='conv2')
    p2 = sym.Pooling(sym.Activation(c2, act_type='tanh', name='tanh2'), pool_type='max', kernel=(2, 2), stride=(2, 2), name='pool2')
    f1 = sym.FullyConnected(sym.Flatten(p2, name='flat'), num_hidden=10, name='fc1')
    f2 = sym.FullyConnected(sym.Activation(f1, act_type='tanh', name='tanh3'), num_hidden=3, name='fc2')
    return sym.SoftmaxOutput(f2, name='softmax')


def mlp():
    d = sym.Variable('data')
    f1 = sym.FullyConnected(d, num_hidden=5, name='fc1')
    f2 = sym.FullyConnected(sym.Activation(f1, act_type='relu', name='relu1'), num_hidden=3, name='fc2')
    return sym.SoftmaxOutput(f2, name='softmax')


def multiloss():
    d = sym.Variable('data')
    f1 = sym.FullyConnected(d, num_hidden=4, name='fc1')
    emb = sym.Activation(f1, act_type='tanh', name='emb')
    f2 = sym.FullyConnected(emb, num_hidden=3, name='fc2')
    lab = sym.Variable('softmax_label')
    sm = sym.SoftmaxOutput(f2, lab, name='softmax', grad_scale=1.0)
    cl = sym.Custom(emb, lab, name='center_loss', op_type='centerloss',
                    num_class=3, alpha=0.5, scale=0.1, batchsize=6)
    l2 = sym.MakeLoss(sym.mean(sym.square(emb)), grad_scale=0.05, name='reg')
    return sym.Group([sm, cl, l2])


def resblock():
    d = sym.Variable('data')
    c = sym.Convolution(d, kernel=(3, 3), pad=(1, 1), num_filter=4, no_bias=True, name='c1')
    b = sym.BatchNorm(c, name='bn1')
    r = sym.LeakyReLU(b, act_type='prelu', name='pr')
    c2 = sym.Convolution(r, kernel=(3, 3), pad=(1, 1), num_filter=4, no_bias=True, name='c2')
    b2 = sym.BatchNorm(c2, name='bn2', fix_gamma=False)
    sc = sym.Convolution(d, kernel=(1, 1), num_filter=4, name='sc')
    g = sym.Pooling(b2 + sc, global_pool=True, kernel=(7, 7), pool_type='avg', name='gp')
    return sym.LinearRegressionOutput(sym.FullyConnected(g, num_hidden=1, name='fc'), name='lro')


def rcnn_head():
    d, rois, lab = sym.Variable('data'), sym.Variable('rois'), sym.Variable('label')
    p = sym.ROIPooling(d, rois, pooled_size=(2, 2), spatial_scale=0.5, name='roi_pool')
    f = sym.FullyConnected(p, num_hidden=6, name='fc6')
    f = sym.Dropout(sym.Activation(f, act_type='relu', name='relu6'), p=0.5, name='drop6')
    cls = sym.SoftmaxOutput(sym.FullyConnected(f, num_hidden=3, name='cls_score'), lab,
                            name='cls_prob', normalization='batch')
    bb = sym.FullyConnected(f, num_hidden=12, name='bbox_pred')
    l = sym.Variable('bbox_weight') * sym.smooth_l1(bb - sym.Variable('bbox_target'), scalar=1.0, name='sl1')
    return sym.Group([cls, sym.MakeLoss(l, grad_scale=1.0 / 4, name='bbox_loss'), sym.BlockGrad(lab, name='lab_out')])


NETS = {'mlp': (mlp, {'data': (6, 4)}), 'lenet': (lenet, {'data': (2, 1, 28, 28)}),
        'multiloss': (multiloss, {'data': (6, 4)}), 'resblock': (resblock, {'data': (2, 3, 6, 6)}),
        'rcnn_head': (rcnn_head, {'data': (1, 2, 8, 8), 'rois': (4, 5)})}


def sec_symbols():
    S = Section('symbols')
    for nm in sorted(NETS):
        f, sh = NETS[nm]
        with mx.name.NameManager():
            s = f()
        a, o, x = s.infer_shape(**sh)
        S.add({'name': 'symbol_' + nm, 'kind': 'symbol', 'json': json.loads(s.tojson()),
               'arguments': s.list_arguments(), 'outputs': s.list_outputs(), 'aux': s.list_auxiliary_states(),
               'internals': s.get_internals().list_outputs(), 'attrDict': s.attr_dict(),
               'given': {k: list(v) for k, v in sh.items()},
               'argShapes': [list(v) for v in a], 'outShapes': [list(v) for v in o], 'auxShapes': [list(v) for v in x]})
        # one forward/backward with random arguments (Dropout nets: inference only)
        args = {}
        for k, v in zip(s.list_arguments(), a):
            if k.endswith('label'):
                args[k] = S.rng.randint(0, 3, v).astype('float32')
            elif k == 'rois':
                args[k] = np.array([[0, 0, 0, 15, 15], [0, 2, 3, 9, 12], [0, 5, 5, 6, 6], [0, 1, 4, 14, 9]], 'float32')
            elif nm == 'lenet':
                args[k] = np.round(S.randn(*v) * 0.2, 3).astype('float32')
            else:
                args[k] = S.randn(*v)
        aux = {k: (np.abs(S.randn(*v)) + 0.5 if k.endswith('var') else S.randn(*v)) for k, v in zip(s.list_auxiliary_states(), x)}
        c = {'name': 'net_' + nm, 'kind': 'net', 'net': nm}
        if nm == 'rcnn_head':
            c.update(run_sym(S, s, args, aux=aux, head='skip', is_train=False))
        else:
            # label gradients of loss layers are never written by the kernels (garbage once summed): request none
            c.update(run_sym(S, s, args, aux=aux, head=None,
                             grad_req={k: 'null' if k.endswith('label') else 'write' for k in args}))
        S.add(c)
    # naming
    def names(f):
        with mx.name.NameManager():
            s = f()
        return {'arguments': s.list_arguments(), 'outputs': s.list_outputs(), 'aux': s.list_auxiliary_states(),
                'internals': s.get_internals().list_outputs()}
    V = sym.Variable
    cases = {
        'auto_fc_fc': lambda: sym.FullyConnected(sym.FullyConnected(V('data'), num_hidden=2), num_hidden=3),
        'auto_act': lambda: sym.Activation(sym.Activation(V('data'), act_type='relu'), act_type='relu'),
        'arith': lambda: ((V('a') + V('b')) * 2 - 1) / V('c') ** 2,
        'rsub_rdiv': lambda: (1 - V('a')) + (2 / V('b')) - (-V('c')),
        'compare': lambda: sym.Group([V('a') > 1, V('a') == V('b'), V('a') <= 0]),
        'dfs_order': lambda: (V('e') + V('c')) * V('data') + 1,
        'concat': lambda: sym.Concat(V('a'), V('b'), V('c'), dim=1),
        'slicechannel': lambda: sym.SliceChannel(V('data'), num_outputs=3, name='sc'),
        'slicechannel_1': lambda: sym.SliceChannel(V('data'), num_outputs=3, name='sc')[1],
        'bn': lambda: sym.BatchNorm(V('data'), name='bn'),
        'bn_meanvar': lambda: sym.BatchNorm(V('data'), name='bn', output_mean_var=True),
        'no_data': lambda: sym.FullyConnected(num_hidden=2, name='f'),
        'nobias': lambda: sym.Convolution(V('data'), num_filter=2, kernel=(3, 3), no_bias=True, name='c'),
        'deconv': lambda: sym.Deconvolution(V('data'), num_filter=2, kernel=(3, 3)),
        'prelu': lambda: sym.LeakyReLU(V('data'), act_type='prelu'),
        'softmaxoutput_auto': lambda: sym.SoftmaxOutput(V('data')),
        'softmax_alias': lambda: sym.Softmax(V('data')),
        'group': lambda: sym.Group([V('a'), V('a') * V('b'), sym.MakeLoss(V('c'), name='ml')]),
        'custom': lambda: sym.Custom(V('data'), op_type='centerloss', num_class=3, alpha=0.5),
        'embedding': lambda: sym.Embedding(V('data'), input_dim=3, output_dim=2, name='emb'),
        'roi': lambda: sym.ROIPooling(V('data'), pooled_size=(2, 2), spatial_scale=1, name='roi'),
        'compose': lambda: sym.FullyConnected(V('data2'), name='fcx', num_hidden=3)(data2=sym.FullyConnected(V('data'), name='fc1', num_hidden=3), name='composed'),
    }
    for k in sorted(cases):
        c = {'name': 'naming_' + k, 'kind': 'naming'}
        c.update(names(cases[k]))
        S.add(c)
    with mx.name.NameManager():
        with mx.name.Prefix('p_'):
            s = sym.FullyConnected(sym.FullyConnected(V('data'), num_hidden=2), num_hidden=2, name='x')
    S.add({'name': 'naming_prefix', 'kind': 'naming', 'arguments': s.list_arguments(), 'outputs': s.list_outputs()})
    v = V('vv', lr_mult=3, wd_mult=0, shape=(2, 3), init=mx.init.Zero(), attr={'__foo__': 'bar'})
    S.add({'name': 'variable_attrs', 'kind': 'attrs', 'attrDict': v.attr_dict(), 'attr_lr_mult': v.attr('lr_mult')})
    with mx.AttrScope(__lr_mult__='2'):
        s = sym.FullyConnected(V('data'), num_hidden=2, name='fa')
    S.add({'name': 'attrscope', 'kind': 'attrs', 'attrDict': s.attr_dict(), 'note': 'the variable "data" is created inside the scope too'})
    # executor semantics
    x, y = V('x'), V('y')
    for nm, s, heads in [('mul', x * y, 1), ('group_var', sym.Group([x, x * 2 + y]), 2), ('reuse', x * x + x * y, 1)]:
        for req in ['write', 'add', {'x': 'add', 'y': 'write'}, {'x': 'write'}]:
            ins = {'x': S.randn(2, 3), 'y': S.randn(2, 3)}
            c = {'name': 'exec_%s_%s' % (nm, req if isinstance(req, str) else 'dict%d' % len(req)), 'kind': 'net',
                 'json': json.loads(s.tojson()), 'gradReqGiven': req}
            full = req if isinstance(req, str) else {k: req.get(k, 'null') for k in ['x', 'y']}
            c.update(run_sym(S, s, ins, grad_req=full, grad_init={'x': S.randn(2, 3), 'y': S.randn(2, 3)}))
            S.add(c)
    S.save()


# ----------------------------------------------------------------------------- optimizers
def flat_state(st):
    if st is None:
        return []
    if isinstance(st, (list, tuple)):
        out = []
        for s in st:
            out += flat_state(s) if s is not None else [None]
        return out
    return [enc(st)]


def sec_optim():
    S = Section('optim')
    base = [dict(), dict(wd=0.1), dict(clip_gradient=0.3), dict(rescale_grad=0.25),
            dict(wd=0.1, clip_gradient=0.3, rescale_grad=0.5)]
    cfgs = [('sgd', dict(learning_rate=0.1)), ('sgd', dict(learning_rate=0.1, momentum=0.9)),
            ('nag', dict(learning_rate=0.1)), ('nag', dict(learning_rate=0.1, momentum=0.9)),
            ('signum', dict(learning_rate=0.1)), ('signum', dict(learning_rate=0.1, momentum=0.0)),
            ('signum', dict(learning_rate=0.1, wd_lh=0.05)),
            ('ftml', dict(learning_rate=0.1)), ('lars', dict(learning_rate=0.1, eta=0.1)),
            ('lars', dict(learning_rate=0.1, eta=0.1, momentum=0.9)),
            ('lamb', dict(learning_rate=0.1)), ('lamb', dict(learning_rate=0.1, bias_correction=False, lower_bound=0.5, upper_bound=2.0)),
            ('dcasgd', dict(learning_rate=0.1)), ('lbsgd', dict(learning_rate=0.1)),
            ('lbsgd', dict(learning_rate=0.1, momentum=0.9, batch_scale=2, warmup_epochs=1, updates_per_epoch=4)),
            ('lbsgd', dict(learning_rate=0.1, momentum=0.9, warmup_strategy='lars')),
            ('adam', dict(learning_rate=0.1)), ('adam', dict(learning_rate=0.01, beta1=0.8, beta2=0.9, epsilon=1e-3)),
            ('adagrad', dict(learning_rate=0.1)), ('adadelta', dict()), ('rmsprop', dict(learning_rate=0.1)),
            ('rmsprop', dict(learning_rate=0.1, centered=True)), ('rmsprop', dict(learning_rate=0.1, clip_weights=0.5)),
            ('ftrl', dict(learning_rate=0.1)), ('ftrl', dict(learning_rate=0.1, lamda1=0.3, beta=0.5)),
            ('adamax', dict(learning_rate=0.1)), ('nadam', dict(learning_rate=0.1)),
            ('groupadagrad', dict(learning_rate=0.1)), ('test', dict())]
    k = 0
    for name, cfg in cfgs:
        for b in base:
            if name == 'groupadagrad' and b.get('wd'):
                continue
            if name == 'test' and b != base[3]:
                continue
            kw = dict(cfg)
            kw.update(b)
            k += 1
            opt = mx.optimizer.create(name, **kw)
            w0 = S.randn(3, 4)
            w = nd.array(w0)
            gs = [S.randn(3, 4) for _ in range(5)]
            st = opt.create_state(0, w)
            traj = []
            for g in gs:
                opt.update(0, w, nd.array(g), st)
                traj.append(enc(w)['data'])
            S.add({'name': 'opt_%03d_%s' % (k, name), 'kind': 'optimizer', 'op': name, 'attrs': kw,
                   'weight': enc(w0), 'grads': [enc(g)['data'] for g in gs], 'trajectory': traj, 'state': flat_state(st)})
    # lr_mult / wd_mult rules with names, and attributes from the symbol
    d = sym.Variable('data')
    wv = sym.Variable('fc_weight', lr_mult=2.0, wd_mult=0.5)
    s = sym.BatchNorm(sym.FullyConnected(d, wv, num_hidden=4, name='fc'), name='bn', fix_gamma=False)
    s = sym.broadcast_mul(s, sym.Variable('scale', shape=(1, 4)))
    i2n = dict(enumerate(['fc_weight', 'fc_bias', 'bn_gamma', 'bn_beta', 'scale', 'other_weight']))
    opt = mx.optimizer.create('sgd', learning_rate=0.1, wd=0.01, sym=s, param_idx2name=i2n)
    opt2 = mx.optimizer.create('sgd', learning_rate=0.1, wd=0.01, param_idx2name=i2n)
    opt2.set_lr_mult({'fc_bias': 3.0, 5: 7.0})
    opt2.set_wd_mult({'fc_bias': 2.0, 'fc_weight': 0.0})
    opt3 = mx.optimizer.create('sgd', learning_rate=0.1, wd=0.01)
    opt4 = mx.optimizer.create('lars', learning_rate=0.1, wd=0.01, param_idx2name=i2n)
    for nm, o in [('sym', opt), ('set', opt2), ('noname', opt3), ('lars', opt4)]:
        S.add({'name': 'mult_' + nm, 'kind': 'optimizer_mult', 'idx2name': {str(a): b for a, b in i2n.items()},
               'lrs': [num64(o._get_lr(i)) for i in range(6)], 'wds': [num64(o._get_wd(i)) for i in range(6)]})
    # scheduler inside the optimizer: num_update counting over two parameters
    sch = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=1.0)
    opt = mx.optimizer.create('sgd', learning_rate=0.4, lr_scheduler=sch, begin_num_update=0)
    up = mx.optimizer.get_updater(opt)
    ws = [nd.zeros((1,)), nd.zeros((1,))]
    tr = []
    for _ in range(6):
        for i in range(2):
            up(i, nd.ones((1,)), ws[i])
        tr.append([num(w.asscalar()) for w in ws] + [opt.num_update, num64(sch.base_lr)])
    S.add({'name': 'scheduler_in_sgd', 'kind': 'optimizer_sched', 'attrs': {'learning_rate': 0.4, 'step': 2, 'factor': 0.5, 'grad': 1},
           'steps': tr})
    S.save()


def sec_schedulers():
    S = Section('schedulers')
    L = mx.lr_scheduler
    q = list(range(0, 31))
    cfgs = [('FactorScheduler', dict(step=5, factor=0.5, base_lr=1.0)),
            ('FactorScheduler', dict(step=3, factor=0.1, base_lr=1.0, stop_factor_lr=1e-3)),
            ('FactorScheduler', dict(step=5, factor=0.5, base_lr=1.0, warmup_steps=7, warmup_begin_lr=0.1)),
            ('FactorScheduler', dict(step=1, factor=1.0, base_lr=0.3)),
            ('MultiFactorScheduler', dict(step=[4, 9, 20], factor=0.1, base_lr=1.0)),
            ('MultiFactorScheduler', dict(step=[4, 9], factor=0.5, base_lr=1.0, warmup_steps=6, warmup_begin_lr=0.2, warmup_mode='constant')),
            ('PolyScheduler', dict(max_update=20, base_lr=1.0)), ('PolyScheduler', dict(max_update=20, base_lr=1.0, pwr=1, final_lr=0.1)),
            ('PolyScheduler', dict(max_update=20, base_lr=1.0, pwr=2, final_lr=0.1, warmup_steps=5)),
            ('CosineScheduler', dict(max_update=20, base_lr=1.0)),
            ('CosineScheduler', dict(max_update=20, base_lr=1.0, final_lr=0.2, warmup_steps=4, warmup_begin_lr=0.5))]
    for i, (nm, kw) in enumerate(cfgs):
        s = getattr(L, nm)(**kw)
        S.add({'name': 'sched_%02d_%s' % (i, nm), 'kind': 'scheduler', 'op': nm, 'attrs': kw, 'queries': q, 'values': [num64(s(t)) for t in q]})
        if i in (0, 4):
            s = getattr(L, nm)(**kw)
            qs = [1, 17, 3, 30]
            S.add({'name': 'sched_%02d_%s_jump' % (i, nm), 'kind': 'scheduler', 'op': nm, 'attrs': kw, 'queries': qs,
                   'values': [num64(s(t)) for t in qs], 'note': 'stateful: does not go back up'})
    for nm, kw in [('FactorScheduler', dict(step=0)), ('FactorScheduler', dict(step=1, factor=1.1)),
                   ('MultiFactorScheduler', dict(step=[3, 3])), ('MultiFactorScheduler', dict(step=[0, 3])),
                   ('PolyScheduler', dict(max_update=0)), ('FactorScheduler', dict(step=1, base_lr=0.1, warmup_begin_lr=0.2, warmup_steps=2)),
                   ('CosineScheduler', dict(max_update=5, warmup_mode='foo'))]:
        try:
            getattr(L, nm)(**kw)
            raise SystemExit('no error')
        except (ValueError, AssertionError) as e:
            S.add({'name': 'sched_err_%d' % len(S.cases), 'kind': 'scheduler_error', 'op': nm, 'attrs': kw, 'error': type(e).__name__})
    S.save()


def sec_initializers():
    S = Section('initializers')
    I = mx.init
    def rec(nm, init, name, shape, attrs=None, stats=False):
        a = nd.ones(shape) * 99
        c = {'name': nm, 'kind': 'initializer', 'init': json.loads(init.dumps()) if hasattr(init, 'dumps') else None,
             'param': name, 'shape': list(shape)}
        if attrs:
            c['paramAttrs'] = attrs
        try:
            init(I.InitDesc(name, attrs or {}), a)
            v = a.asnumpy()
            if stats:
                c['stats'] = {'mean': float(v.mean()), 'std': float(v.std()), 'min': float(v.min()), 'max': float(v.max())}
            else:
                c['value'] = enc(v)
        except Exception as e:
            c['error'] = type(e).__name__
        S.add(c)
    for nm, init in [('zero', I.Zero()), ('one', I.One()), ('const', I.Constant(2.5))]:
        for p in ['fc_weight', 'fc_bias', 'bn_gamma', 'bn_beta', 'x_min', 'x_max', 'bn_moving_mean', 'bn_moving_var', 'foo', 'weight', 'myweight']:
            rec('dispatch_%s_%s' % (nm, p), init, p, (2, 3))
    rec('attr_init', I.Zero(), 'foo', (2, 2), attrs={'__init__': '["constant", {"value": 4}]'})
    rec('attr_init_bias', I.Uniform(), 'fc_bias', (2,), attrs={'__init__': '["one", {}]'})
    rec('bilinear4', I.Bilinear(), 'up_weight', (1, 1, 4, 4))
    rec('bilinear3', I.Bilinear(), 'up_weight', (2, 1, 3, 3))
    rec('bilinear_2x5', I.Bilinear(), 'up_weight', (1, 1, 2, 5))
    rec('lstmbias', I.LSTMBias(2.0), 'l_weight', (8,))
    rec('lstmbias_bias_name', I.LSTMBias(2.0), 'l_bias', (8,))
    for ft in ['avg', 'in', 'out']:
        for rt in ['uniform', 'gaussian']:
            rec('xavier_%s_%s' % (rt, ft), I.Xavier(rt, ft, 2), 'c_weight', (40, 30, 3, 3), stats=True)
    rec('xavier_default', I.Xavier(), 'fc_weight', (100, 200), stats=True)
    rec('xavier_1d', I.Xavier(), 'fc_weight', (10,))
    rec('msra', I.MSRAPrelu(), 'c_weight', (40, 30, 3, 3), stats=True)
    rec('msra_in', I.MSRAPrelu('in', 0.0), 'c_weight', (40, 30, 3, 3), stats=True)
    rec('uniform', I.Uniform(), 'fc_weight', (100, 100), stats=True)
    rec('normal', I.Normal(), 'fc_weight', (100, 100), stats=True)
    rec('mixed_bias', I.Mixed(['bias', '.*'], [I.Zero(), I.One()]), 'fc_bias', (2,))
    rec('mixed_match_is_prefix', I.Mixed(['.*bias', '.*'], [I.Constant(3), I.Constant(5)]), 'fc_bias_weight', (2,))
    rec('mixed_prefix', I.Mixed(['weight', '.*'], [I.Constant(3), I.Constant(5)]), 'fc_weight', (2,))
    rec('mixed_prefix_hit', I.Mixed(['fc', '.*'], [I.Constant(3), I.Constant(5)]), 'fc_weight', (2,))
    rec('mixed_nomatch', I.Mixed(['weight'], [I.Constant(3)]), 'fc_weight', (2,))
    rec('load', I.Load({'arg:fc_weight': nd.array([[1, 2]]), 'b': nd.ones((1,))}), 'fc_weight', (1, 2))
    rec('load_missing', I.Load({}), 'fc_weight', (1, 2))
    rec('load_default', I.Load({}, default_init=I.One()), 'fc_weight', (1, 2))
    for rt in ['uniform', 'normal']:
        for shp in [(4, 6), (6, 4), (4, 2, 3)]:
            a = nd.zeros(shp)
            I.Orthogonal(scale=1.5, rand_type=rt)(I.InitDesc('w_weight'), a)
            m = a.asnumpy().reshape(shp[0], -1)
            g = m @ m.T if m.shape[0] <= m.shape[1] else m.T @ m
            S.add({'name': 'orthogonal_%s_%s' % (rt, 'x'.join(map(str, shp))), 'kind': 'initializer_gram', 'gram': enc(np.round(g, 4))})
    # attributes that operators attach to their automatically created inputs
    for nm, s in [('bn', sym.BatchNorm(sym.Variable('data'), name='bn')), ('prelu', sym.LeakyReLU(sym.Variable('data'), act_type='prelu', name='pr')),
                  ('bn_named', sym.BatchNorm(sym.Variable('data'), sym.Variable('g'), sym.Variable('b'), sym.Variable('mm'), sym.Variable('mv'), name='bn'))]:
        S.add({'name': 'autoattr_' + nm, 'kind': 'attrs', 'attrDict': s.attr_dict()})
    S.save()


# ----------------------------------------------------------------------------- metrics
def sec_metrics():
    S = Section('metrics')

    def pack(gv):
        n, v = gv
        if isinstance(n, list):
            return [list(n), [num64(x) for x in v]]
        return [n, num64(v)]

    def met(nm, m, updates, op=None, attrs=None, note=None, config=True):
        c = {'name': nm, 'kind': 'metric', 'op': op or nm, 'attrs': attrs or {}, 'updates': [], 'initial': pack(m.get()), 'values': []}
        if note:
            c['note'] = note
        for labs, preds in updates:
            c['updates'].append({'labels': [enc(a) for a in labs], 'preds': [enc(a) for a in preds]})
            m.update([nd.array(a) for a in labs], [nd.array(a) for a in preds])
            c['values'].append(pack(m.get()))
        c['global'] = pack(m.get_global())
        if config:
            try:
                c['config'] = m.get_config()
            except NotImplementedError:
                c['config'] = None
        m.reset_local()
        c['afterResetLocal'] = pack(m.get())
        if updates:
            labs, preds = updates[0]
            m.update([nd.array(a) for a in labs], [nd.array(a) for a in preds])
            c['afterResetLocalThenFirstUpdate'] = pack(m.get())
            c['globalAfterThat'] = pack(m.get_global())
        m.reset()
        c['afterReset'] = pack(m.get())
        S.add(c)

    def prob(n, k):
        e = np.exp(S.randn(n, k))
        return np.round(e / e.sum(1, keepdims=True), 3).astype('float32')

    M = mx.metric
    L = lambda n, k: S.rng.randint(0, k, n).astype('float32')
    b3 = [([L(6, 3)], [prob(6, 3)]), ([L(5, 3)], [prob(5, 3)])]
    b2 = [([L(8, 2)], [prob(8, 2)]), ([L(6, 2)], [prob(6, 2)])]
    met('accuracy', M.Accuracy(), b3, 'acc')
    met('accuracy_two_outputs', M.create('acc'), [([L(4, 3), L(4, 2)], [prob(4, 3), prob(4, 2)])], 'acc')
    met('accuracy_class_preds', M.Accuracy(), [([np.array([0, 1, 2, 1], 'float32')], [np.array([0, 2, 2, 1.9], 'float32')])], 'acc', note='same shape: no argmax; truncation to int')
    met('accuracy_axis', M.Accuracy(axis=1), [([L(8, 3).reshape(2, 2, 2)], [S.randn(2, 3, 2, 2)])], 'acc', {'axis': 1})
    met('accuracy_ties', M.Accuracy(), [([np.array([0, 1], 'float32')], [np.array([[.5, .5], [.5, .5]], 'float32')])], 'acc', note='first index wins')
    met('topk2', M.TopKAccuracy(top_k=2), [([L(6, 5)], [prob(6, 5)]), ([L(6, 5)], [prob(6, 5)])], 'top_k_accuracy', {'top_k': 2})
    met('topk9_of_3', M.create('top_k_acc', top_k=3), b3, 'top_k_acc', {'top_k': 3})
    for av in ['macro', 'micro']:
        met('f1_' + av, M.F1(average=av), b2, 'f1', {'average': av})
        met('mcc_' + av, M.MCC(average=av), b2, 'mcc', {'average': av})
    met('f1_all_negative', M.F1(), [([np.zeros(3, 'float32')], [np.array([[.9, .1]] * 3, 'float32')])], 'f1')
    met('mcc_degenerate', M.MCC(), [([np.zeros(3, 'float32')], [np.array([[.9, .1], [.2, .8], [.7, .3]], 'float32')])], 'mcc')
    met('pcc3', M.PCC(), b3, 'pcc')
    met('pcc2', M.create('pcc'), b2, 'pcc')
    met('pcc_degenerate', M.PCC(), [([np.zeros(3, 'float32')], [np.array([[.9, .1]] * 3, 'float32')])], 'pcc')
    met('perplexity_none', M.Perplexity(None), b3, 'perplexity', {'ignore_label': None})
    met('perplexity_ign0', M.Perplexity(ignore_label=0), b3, 'perplexity', {'ignore_label': 0})
    met('perplexity_zero_prob', M.Perplexity(None), [([np.array([0, 1], 'float32')], [np.array([[0, 1], [.5, .5]], 'float32')])], 'perplexity', {'ignore_label': None})
    met('perplexity_ign_neg', M.Perplexity(-1), [([np.array([0, 1, 2, -1], 'float32')], [prob(4, 3)])], 'perplexity', {'ignore_label': -1})
    for nm, mm in [('mae', M.MAE), ('mse', M.MSE), ('rmse', M.RMSE)]:
        met(nm + '_2d', mm(), [([S.randn(4, 2)], [S.randn(4, 2)]), ([S.randn(3, 2)], [S.randn(3, 2)])], nm)
        met(nm + '_1d_label', mm(), [([S.randn(4)], [S.randn(4, 1)])], nm)
        met(nm + '_1d_both', mm(), [([S.randn(4)], [S.randn(4)])], nm)
        met(nm + '_broadcast', mm(), [([S.randn(3)], [S.randn(3, 2)])], nm, note='label (n,) becomes (n,1) and broadcasts')
    met('ce', M.create('ce'), b3, 'ce')
    met('ce_eps', M.CrossEntropy(eps=0.1), [([np.array([0, 1], 'float32')], [np.array([[0, 1], [.5, .5]], 'float32')])], 'ce', {'eps': 0.1})
    met('ce_zero_prob', M.CrossEntropy(), [([np.array([0, 1], 'float32')], [np.array([[0, 1], [.5, .5]], 'float32')])], 'ce')
    met('nll', M.create('nll_loss'), b3, 'nll_loss')
    for av in ['macro', 'micro']:
        met('pearsonr_' + av, M.PearsonCorrelation(average=av), [([S.randn(5)], [S.randn(5)]), ([S.randn(7)], [S.randn(7)])], 'pearsonr', {'average': av},
            note='micro: reset_local does not clear the micro accumulators' if av == 'micro' else None)
    met('loss', M.Loss(), [([np.zeros(2, 'float32')], [S.randn(2, 3)]), ([np.zeros(2, 'float32')], [S.randn(2, 3), S.randn(4)])], 'loss')
    met('torch', M.create('torch'), [([], [S.randn(3)])], 'torch')
    met('caffe', M.create('caffe'), [([], [S.randn(3)])], 'caffe')
    met('composite', M.create(['acc', 'ce', M.create('top_k_accuracy', top_k=2)]), b3, '["acc","ce","top_k_accuracy(2)"]')
    met('composite_empty', M.CompositeEvalMetric(), [], 'composite')
    def myfeval(label, pred):
        return float(np.abs(label - pred.argmax(1)).sum())
    def myfeval2(label, pred):
        return float(np.abs(label - pred.argmax(1)).sum()), len(label)
    met('custom_scalar', M.np(myfeval), b3, 'np(sum |label - argmax|)', config=False)
    met('custom_tuple', M.create(myfeval2), b3, 'create(callable) returning (sum, n)', config=False)
    met('custom_lambda_name', M.CustomMetric(lambda l, p: 1.0), b3, 'CustomMetric(lambda)', config=False)
    met('custom_named', M.CustomMetric(myfeval, name='zz', allow_extra_outputs=True), [([L(4, 3)], [prob(4, 3), prob(4, 2)])], 'CustomMetric(allow_extra_outputs)', config=False)
    # errors
    def err(nm, f):
        try:
            f()
        except Exception as e:
            S.add({'name': nm, 'kind': 'metric_error', 'error': type(e).__name__})
            return
        raise SystemExit('no error ' + nm)
    A = lambda *x: [nd.array(v) for v in x]
    err('err_list_lengths', lambda: M.Accuracy().update(A([0]), A([[1, 0]], [[1, 0]])))
    err('err_acc_sizes', lambda: M.Accuracy().update(A([0, 1, 1]), A([[1, 0], [0, 1]])))
    err('err_perplexity_3d', lambda: M.Perplexity(None).update([nd.zeros((2, 2))], [nd.ones((2, 2, 3))]))
    err('err_topk1', lambda: M.TopKAccuracy(top_k=1))
    err('err_f1_multiclass', lambda: M.F1().update(A([0, 1, 2]), A([[1, 0], [0, 1], [0, 1]])))
    err('err_unknown', lambda: M.create('nope'))
    err('err_ce_sizes', lambda: M.CrossEntropy().update(A([0, 1, 1]), A([[1, 0], [0, 1]])))
    err('err_custom_extra', lambda: M.np(myfeval).update(A([0]), A([[1, 0]], [[1, 0]])))
    # update_dict with output_names / label_names
    from collections import OrderedDict
    m = M.Accuracy(output_names=['softmax_output'], label_names=['softmax_label'])
    p, l = prob(4, 3), L(4, 3)
    m.update_dict(OrderedDict([('other_label', nd.zeros(3)), ('softmax_label', nd.array(l))]),
                  OrderedDict([('softmax_output', nd.array(p)), ('center_output', nd.zeros(1))]))
    S.add({'name': 'update_dict', 'kind': 'metric_dict', 'label': enc(l), 'pred': enc(p), 'value': pack(m.get())})
    err('err_update_dict_extra', lambda: M.Accuracy().update_dict({'l': nd.array(l)}, OrderedDict([('a', nd.array(p)), ('b', nd.zeros(1))])))
    S.save()


# ----------------------------------------------------------------------------- operators
def sec_operators():
    S = Section('operators')
    R = S.randn
    cnt = {}

    def C(op, attrs, inputs, name=None, **kw):
        k = name or op
        cnt[k] = cnt.get(k, 0) + 1
        ints = kw.pop('nograd', [])
        if ints:
            kw['note'] = 'a gradient for %s cannot be requested' % ints
            kw['grad_req'] = {n: ('null' if n in ints else 'write') for n in inputs}
        c = op_case(S, '%s_%02d' % (k, cnt[k]), op, attrs, inputs, **kw)
        if attrs.get('act_type') == 'rrelu':   # second output (mask) is uninitialised memory in inference
            c['outputs'], c['outputNames'] = c['outputs'][:1], c['outputNames'][:1]

    # FullyConnected
    for at, xs, nin in [({}, (3, 4), 4), (dict(no_bias=True), (3, 4), 4), ({}, (2, 2, 3), 6), (dict(flatten=False), (2, 2, 3), 3)]:
        at = dict(at, num_hidden=5)
        ins = {'data': R(*xs), 'weight': R(5, nin)}
        if not at.get('no_bias'):
            ins['bias'] = R(5)
        C('FullyConnected', at, ins)
    # Convolution
    for at, xs in [(dict(kernel=(3, 3)), (2, 3, 5, 6)), (dict(kernel=(3, 2), stride=(2, 1), pad=(1, 1)), (1, 2, 6, 5)),
                   (dict(kernel=(3, 3), dilate=(2, 2), pad=(2, 1)), (1, 2, 7, 7)), (dict(kernel=(3, 3), num_group=2, no_bias=True), (1, 4, 5, 5)),
                   (dict(kernel=(1, 1)), (2, 3, 2, 2)), (dict(kernel=(3,), stride=(2,), pad=(1,)), (2, 3, 7)),
                   (dict(kernel=(2, 2, 2)), (1, 2, 3, 3, 3))]:
        nf = 4
        g = at.get('num_group', 1)
        at = dict(at, num_filter=nf)
        ins = {'data': R(*xs), 'weight': R(nf, xs[1] // g, *at['kernel'])}
        if not at.get('no_bias'):
            ins['bias'] = R(nf)
        C('Convolution', at, ins)
    # Deconvolution
    for at, xs in [(dict(kernel=(3, 3)), (1, 2, 3, 4)), (dict(kernel=(4, 4), stride=(2, 2), pad=(1, 1)), (1, 2, 3, 3)),
                   (dict(kernel=(3, 3), stride=(2, 2), pad=(1, 1), adj=(1, 1)), (1, 2, 3, 3)), (dict(kernel=(3, 3), num_group=2), (1, 4, 3, 3)),
                   (dict(kernel=(3, 3), no_bias=False), (1, 2, 3, 3)), (dict(kernel=(4, 4), stride=(2, 2), target_shape=(6, 5)), (1, 2, 3, 3)),
                   (dict(kernel=(3, 3), dilate=(2, 2)), (1, 1, 2, 3))]:
        nf, g = 4, at.get('num_group', 1)
        at = dict(at, num_filter=nf)
        ins = {'data': R(*xs), 'weight': R(xs[1], nf // g, *at['kernel'])}
        if at.get('no_bias', True) is False:
            ins['bias'] = R(nf)
        C('Deconvolution', at, ins)
    # Pooling
    for pt in ['max', 'avg', 'sum']:
        for conv in ['valid', 'full']:
            C('Pooling', dict(kernel=(3, 3), stride=(2, 2), pool_type=pt, pooling_convention=conv), {'data': R(1, 2, 6, 7)})
            C('Pooling', dict(kernel=(3, 2), stride=(2, 2), pad=(1, 1), pool_type=pt, pooling_convention=conv), {'data': R(1, 1, 6, 6)})
        C('Pooling', dict(kernel=(2, 2), pool_type=pt), {'data': R(1, 1, 4, 4)})
        C('Pooling', dict(global_pool=True, kernel=(2, 2), pool_type=pt), {'data': R(2, 3, 4, 5)})
        C('Pooling', dict(global_pool=True, pool_type=pt), {'data': R(2, 3, 4, 5)})
        C('Pooling', dict(kernel=(3,), stride=(2,), pool_type=pt), {'data': R(1, 2, 7)})
    C('Pooling', dict(kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type='avg', count_include_pad=False), {'data': R(1, 1, 6, 6)})
    C('Pooling', dict(kernel=(3, 3), stride=(2, 2), pad=(1, 1), pool_type='avg', count_include_pad=False, pooling_convention='full'), {'data': R(1, 1, 6, 6)})
    C('Pooling', dict(kernel=(3, 3), stride=(3, 3), pad=(1, 1), pool_type='avg', pooling_convention='full'), {'data': R(1, 1, 6, 6)})
    C('Pooling', dict(kernel=(2, 2), stride=(2, 2), pool_type='lp', p_value=2), {'data': R(1, 1, 4, 4)})
    C('Pooling', dict(kernel=(2, 2), stride=(2, 2)), {'data': np.ones((1, 1, 4, 4), 'float32')}, name='Pooling_ties')
    C('Pooling', dict(kernel=(3, 3), stride=(1, 1), pool_type='max'), {'data': np.array([[1, 2, 2, 1], [2, 2, 1, 0], [1, 2, 2, 2], [0, 0, 0, 0]], 'float32').reshape(1, 1, 4, 4)}, name='Pooling_ties')
    C('Pooling', dict(kernel=(2, 2), stride=(2, 2), pad=(1, 1), pool_type='max'), {'data': -np.abs(R(1, 1, 4, 4)) - 1}, name='Pooling_neg')
    # activations
    z = np.array([[-2, -0.5, 0, 0.5, 2, 30, -30]], 'float32')
    for a in ['relu', 'sigmoid', 'tanh', 'softrelu', 'softsign']:
        C('Activation', dict(act_type=a), {'data': z}, name='Activation_' + a)
    for a, at in [('leaky', {}), ('leaky', dict(slope=0.1)), ('elu', {}), ('elu', dict(slope=1.0)), ('selu', {}), ('gelu', {})]:
        C('LeakyReLU', dict(at, act_type=a), {'data': z}, name='LeakyReLU_' + a)
    C('LeakyReLU', dict(act_type='prelu'), {'data': R(2, 3, 2, 2), 'gamma': R(3)}, name='LeakyReLU_prelu')
    C('LeakyReLU', dict(act_type='prelu'), {'data': R(2, 3), 'gamma': R(1)}, name='LeakyReLU_prelu')
    C('LeakyReLU', dict(act_type='rrelu'), {'data': z}, name='LeakyReLU_rrelu_infer', is_train=False, head='skip')
    for op in ['relu', 'sigmoid', 'tanh', 'softsign', 'hard_sigmoid']:
        C(op, {}, {'data': z})
    # BatchNorm
    for nm, at, tr in [('default', {}, True), ('default', {}, False), ('nofix', dict(fix_gamma=False), True), ('nofix', dict(fix_gamma=False), False),
                       ('global', dict(fix_gamma=False, use_global_stats=True), True), ('eps', dict(fix_gamma=False, eps=0.1, momentum=0.5), True)]:
        C('BatchNorm', at, {'data': R(3, 2, 2, 2), 'gamma': R(2), 'beta': R(2)}, name='BatchNorm_' + nm, is_train=tr,
          aux={'op_moving_mean': R(2), 'op_moving_var': np.abs(R(2)) + .5}, head='random' if tr else 'skip')
    C('BatchNorm', dict(fix_gamma=False, axis=-1), {'data': R(4, 3), 'gamma': R(3), 'beta': R(3)}, name='BatchNorm_axis', aux={'op_moving_mean': R(3), 'op_moving_var': np.abs(R(3)) + .5})
    C('BatchNorm', dict(fix_gamma=False), {'data': R(4, 3), 'gamma': R(3), 'beta': R(3)}, name='BatchNorm_2d', aux={'op_moving_mean': R(3), 'op_moving_var': np.abs(R(3)) + .5})
    # output_mean_var: outputs are out, mean, and 1/sqrt(var+eps)
    C('BatchNorm', dict(fix_gamma=False, output_mean_var=True), {'data': R(4, 3), 'gamma': R(3), 'beta': R(3)}, name='BatchNorm_meanvar', head='skip', aux={'op_moving_mean': R(3), 'op_moving_var': np.abs(R(3)) + .5})
    # Dropout (deterministic parts)
    C('Dropout', dict(p=0.5), {'data': R(2, 3)}, name='Dropout_infer', is_train=False, head='skip')
    C('Dropout', dict(p=0.0), {'data': R(2, 3)}, name='Dropout_p0')
    # shape ops
    C('Flatten', {}, {'data': R(2, 3, 2)})
    C('Reshape', dict(shape=(3, -1)), {'data': R(2, 3, 2)})
    C('transpose', {}, {'data': R(2, 3, 2)})
    C('transpose', dict(axes=(0, 2, 1)), {'data': R(2, 3, 2)})
    C('SwapAxis', dict(dim1=0, dim2=2), {'data': R(2, 3, 4)})
    C('expand_dims', dict(axis=1), {'data': R(2, 3)})
    C('Concat', dict(dim=1), {'a': R(2, 1, 2), 'b': R(2, 3, 2)})
    C('Concat', dict(dim=0), {'a': R(1, 3), 'b': R(2, 3), 'c': R(1, 3)})
    C('SliceChannel', dict(num_outputs=2), {'data': R(2, 4, 2)})
    C('SliceChannel', dict(num_outputs=3, axis=2, squeeze_axis=True), {'data': R(2, 2, 3)})
    C('slice_axis', dict(axis=1, begin=1, end=3), {'data': R(2, 4)})
    C('slice_axis', dict(axis=1, begin=-2, end=None), {'data': R(2, 4)})
    C('slice_axis', dict(axis=0, begin=0, end=-1), {'data': R(3, 4)})
    C('slice', dict(begin=(0, 1), end=(2, 3)), {'data': R(3, 4)})
    C('Pad', dict(mode='constant', pad_width=(0, 0, 0, 0, 1, 2, 2, 1), constant_value=1.5), {'data': R(1, 2, 3, 3)})
    C('Pad', dict(mode='edge', pad_width=(0, 0, 0, 0, 1, 2, 2, 1)), {'data': R(1, 2, 3, 3)})
    C('Pad', dict(mode='reflect', pad_width=(0, 0, 0, 0, 1, 2, 2, 1)), {'data': R(1, 2, 3, 3)})
    C('Crop', dict(h_w=(2, 3), offset=(1, 2), num_args=1), {'data': R(1, 2, 5, 6)})
    C('Crop', dict(h_w=(2, 3), center_crop=True, num_args=1), {'data': R(1, 2, 5, 6)})
    C('Crop', dict(num_args=2), {'data': R(1, 2, 5, 6), 'like': R(1, 1, 3, 3)})
    C('Crop', dict(num_args=2, center_crop=True), {'data': R(1, 2, 5, 6), 'like': R(1, 1, 2, 3)})
    C('UpSampling', dict(scale=2, sample_type='nearest', num_args=1), {'data': R(1, 2, 2, 3)})
    C('UpSampling', dict(scale=2, sample_type='nearest', num_args=2), {'a': R(1, 1, 2, 2), 'b': R(1, 2, 4, 4)})
    C('UpSampling', dict(scale=2, sample_type='nearest', num_args=2, multi_input_mode='sum'), {'a': R(1, 2, 2, 2), 'b': R(1, 2, 4, 4)})
    C('UpSampling', dict(scale=2, sample_type='bilinear', num_filter=2, num_args=2), {'data': R(1, 2, 3, 3), 'weight': R(2, 1, 4, 4)})
    # reductions
    for op in ['sum', 'mean', 'max', 'min', 'prod', 'norm']:
        x = R(2, 3, 2)
        C(op, {}, {'data': x})
        C(op, dict(axis=1), {'data': x})
        C(op, dict(axis=-1, keepdims=True), {'data': x})
        if op != 'norm':
            C(op, dict(axis=(0, 2)), {'data': x})
            C(op, dict(axis=1, exclude=True), {'data': x})
    C('norm', dict(ord=1, axis=1), {'data': R(2, 3)})
    C('max', dict(axis=1), {'data': np.array([[1, 2, 2], [3, 3, 3]], 'float32')}, name='max_ties')
    C('min', dict(axis=1), {'data': np.array([[1, 1, 2], [3, 3, 3]], 'float32')}, name='min_ties')
    # elementwise
    zz = np.array([[-1.5, -0.5, 0, 0.7, 2.5]], 'float32')
    pos = np.abs(R(2, 3)) + 0.1
    for op in ['square', 'abs', 'exp', 'sign', 'negative', 'erf', 'expm1', 'sin', 'cos', 'floor', 'ceil', 'round', 'rint', 'fix', 'zeros_like', 'ones_like', 'identity']:
        C(op, {}, {'data': zz})
    for op in ['sqrt', 'rsqrt', 'log', 'log2', 'log10', 'log1p', 'reciprocal', 'cbrt', 'gammaln']:
        C(op, {}, {'data': pos})
    C('clip', dict(a_min=-0.5, a_max=0.7), {'data': zz})
    for op in ['elemwise_add', 'elemwise_sub', 'elemwise_mul', 'elemwise_div', '_maximum', '_minimum', '_power', '_hypot']:
        a, b = (np.abs(R(2, 3)) + .2, np.abs(R(2, 3)) + .2)
        b[0, 0] = a[0, 0]
        if op.startswith('_'):
            C('_internal.' + op, {}, {'lhs': a, 'rhs': b})
        else:
            C(op, {}, {'lhs': a, 'rhs': b})
    for op in ['broadcast_add', 'broadcast_sub', 'broadcast_mul', 'broadcast_div', 'broadcast_maximum', 'broadcast_minimum', 'broadcast_power', 'broadcast_greater', 'broadcast_equal']:
        a, b = (np.abs(R(2, 3)) + .2, np.abs(R(2, 1)) + .2)
        b[0, 0] = a[0, 0]
        C(op, {}, {'lhs': a, 'rhs': b})
    C('broadcast_add', {}, {'lhs': R(2, 3), 'rhs': R(3)})
    for op, sc in [('_PlusScalar', 2.5), ('_MinusScalar', 2.5), ('_RMinusScalar', 2.5), ('_MulScalar', -1.5), ('_DivScalar', 4.0), ('_RDivScalar', 4.0),
                   ('_PowerScalar', 3.0), ('_RPowerScalar', 2.0), ('_MaximumScalar', 0.7), ('_MinimumScalar', 0.7), ('_ModScalar', 0.4), ('_GreaterScalar', 0.7), ('_EqualScalar', 0.7)]:
        C('_internal.' + op, dict(scalar=sc), {'data': np.array([[0.7, 1.3, 0.2]], 'float32')})
    C('add_n', {}, {'a': R(2, 2), 'b': R(2, 2), 'c': R(2, 2)})
    C('broadcast_to', dict(shape=(2, 3)), {'data': R(1, 3)})
    C('broadcast_axis', dict(axis=1, size=3), {'data': R(2, 1)})
    # linear algebra
    C('dot', {}, {'lhs': R(2, 3), 'rhs': R(3, 4)})
    C('dot', dict(transpose_a=True), {'lhs': R(3, 2), 'rhs': R(3, 4)})
    C('dot', dict(transpose_b=True), {'lhs': R(2, 3), 'rhs': R(4, 3)})
    C('dot', dict(transpose_a=True, transpose_b=True), {'lhs': R(3, 2), 'rhs': R(4, 3)})
    C('dot', {}, {'lhs': R(3), 'rhs': R(3)})
    C('dot', {}, {'lhs': R(2, 2, 3), 'rhs': R(3, 2)})
    for ta in [False, True]:
        for tb in [False, True]:
            C('batch_dot', dict(transpose_a=ta, transpose_b=tb), {'lhs': R(2, *((3, 2) if ta else (2, 3))), 'rhs': R(2, *((4, 3) if tb else (3, 4)))})
    # softmax family
    for at in [{}, dict(axis=1), dict(axis=0), dict(temperature=2.0)]:
        C('softmax', at, {'data': R(2, 3, 2)})
        C('log_softmax', at, {'data': R(2, 3, 2)})
    C('SoftmaxActivation', {}, {'data': R(2, 3, 2)})
    C('SoftmaxActivation', dict(mode='channel'), {'data': R(2, 3, 2)})
    # indexing
    C('Embedding', dict(input_dim=5, output_dim=2), {'data': np.array([[0, 4], [2, 2]], 'float32'), 'weight': R(5, 2)}, nograd=['data'])
    C('Embedding', dict(input_dim=5, output_dim=2), {'data': np.array([7, -1, 1.9], 'float32'), 'weight': R(5, 2)}, name='Embedding_oob', nograd=['data'])
    C('take', {}, {'a': R(4, 2), 'indices': np.array([0, 3, 3, 9, -2], 'float32')})
    C('take', dict(mode='wrap'), {'a': R(4, 2), 'indices': np.array([0, 5, -1], 'float32')})
    C('take', dict(axis=1), {'a': R(2, 4), 'indices': np.array([[0, 3], [1, 1]], 'float32')})
    C('pick', {}, {'data': R(3, 4), 'index': np.array([0, 3, 9], 'float32')})
    C('pick', dict(keepdims=True), {'data': R(3, 4), 'index': np.array([0, 3, -1], 'float32')})
    C('pick', dict(axis=0), {'data': R(3, 4), 'index': np.array([0, 2, 1, 1], 'float32')})
    C('one_hot', dict(depth=3), {'indices': np.array([0, 2, 5, -1], 'float32')})
    C('one_hot', dict(depth=3, on_value=2.0, off_value=-1.0), {'indices': np.array([[0, 2]], 'float32')})
    C('where', {}, {'condition': np.array([[1, 0], [0, -2]], 'float32'), 'x': R(2, 2), 'y': R(2, 2)})
    C('where', {}, {'condition': np.array([1, 0], 'float32'), 'x': R(2, 2), 'y': R(2, 2)})
    ties = np.array([[1, 3, 3], [2, 2, 0]], 'float32')
    for op in ['argmax', 'argmin']:
        for at in [{}, dict(axis=1), dict(axis=0, keepdims=True)]:
            C(op, at, {'data': ties}, head='skip')
    C('argmax_channel', {}, {'data': ties}, head='skip')
    C('argmax_channel', {}, {'data': R(2, 3, 2)}, head='skip')
    C('topk', dict(k=2), {'data': R(2, 4)}, head='skip')
    C('sort', {}, {'data': R(2, 4)}, head='skip')
    C('batch_take', {}, {'a': R(3, 4), 'indices': np.array([0, 3, 1], 'int32')}, head='skip')
    # normalisation
    for mode, xs in [('instance', (2, 3)), ('instance', (2, 2, 3)), ('channel', (2, 3, 2)), ('spatial', (2, 2, 2, 2))]:
        C('L2Normalization', dict(mode=mode), {'data': R(*xs)}, name='L2Normalization_' + mode)
    C('L2Normalization', dict(eps=0.5), {'data': R(2, 3)}, name='L2Normalization_eps')
    C('InstanceNorm', {}, {'data': R(2, 3, 4), 'gamma': R(3), 'beta': R(3)})
    C('InstanceNorm', dict(eps=0.1), {'data': R(2, 2, 2, 3), 'gamma': R(2), 'beta': R(2)})
    C('LRN', dict(nsize=3), {'data': R(2, 5, 2, 1) * 2})
    C('LRN', dict(nsize=5, alpha=0.1, beta=0.5, knorm=1.0), {'data': R(1, 6, 2, 2)})
    C('LayerNorm', {}, {'data': R(2, 4), 'gamma': R(4), 'beta': R(4)})
    # ROIPooling
    feat = R(2, 2, 8, 9)
    rois = np.array([[0, 0, 0, 7, 7], [1, 2, 1, 6, 4], [0, 5, 5, 5, 5], [0, 6, 6, 3, 3], [1, 4.5, 2.5, 8.4, 6.6],
                     [0, -3, -2, 3, 3], [1, 20, 20, 30, 30], [5, 0, 0, 3, 3], [0, 7, 6, 12, 14]], 'float32')
    C('ROIPooling', dict(pooled_size=(2, 2), spatial_scale=1.0), {'data': feat, 'rois': rois})
    C('ROIPooling', dict(pooled_size=(3, 4), spatial_scale=0.5), {'data': feat, 'rois': (rois * np.array([1, 2, 2, 2, 2])).astype('float32')})
    C('ROIPooling', dict(pooled_size=(3, 3), spatial_scale=0.0625), {'data': feat - 10, 'rois': np.array([[0, 8, 24, 100, 120], [1, 7.9, 23.9, 72, 56]], 'float32')}, name='ROIPooling_scale')
    # ---- shape inference only
    def shp(nm, op, at, given, order=None):
        s = build(op, at, order or list(given))
        a, o, x = s.infer_shape(**given)
        S.add({'name': 'shape_' + nm, 'kind': 'shape', 'op': op, 'attrs': jattrs(at), 'given': {k: list(v) for k, v in given.items()},
               'argShapes': dict(zip(s.list_arguments(), map(list, a))), 'outShapes': [list(v) for v in o],
               'auxShapes': dict(zip(s.list_auxiliary_states(), map(list, x)))})
    for i, (sh, dsh, rev) in enumerate([((4, 0, 2), (2, 3, 4), False), ((2, 0, 0), (2, 3, 4), False), ((6, 1, -1), (2, 3, 4), False), ((3, -1, 8), (2, 3, 4), False),
                                        ((-1,), (2, 3, 4), False), ((-2,), (2, 3, 4), False), ((2, -2), (2, 3, 4), False), ((-2, 1, 1), (2, 3, 4), False),
                                        ((-3, 4), (2, 3, 4), False), ((-3, -3), (2, 3, 4, 5), False), ((0, -3), (2, 3, 4), False), ((-3, -2), (2, 3, 4), False),
                                        ((-4, 1, 2, -2), (2, 3, 4), False), ((2, -4, -1, 3, -2), (2, 3, 4), False), ((-1, 0), (10, 5, 4), False), ((-1, 0), (10, 5, 4), True),
                                        ((8, 3, -1, 0), (2, 3, 4, 5), True), ((0, -4, 2, -1), (3, 8), False), ((-3, 0), (2, 3, 4), True)]):
        try:
            shp('reshape_%02d' % i, 'Reshape', dict(shape=sh, reverse=rev), {'data': dsh})
        except Exception as e:
            S.add({'name': 'shape_reshape_%02d' % i, 'kind': 'error', 'op': 'Reshape', 'attrs': jattrs(dict(shape=sh, reverse=rev)), 'shapes': {'data': list(dsh)}, 'inputOrder': ['data'], 'error': type(e).__name__})
    for i, (k, st, p, cv, d) in enumerate([(3, 2, 0, 'valid', 6), (3, 2, 0, 'full', 6), (3, 2, 1, 'full', 6), (2, 2, 0, 'valid', 7), (2, 2, 0, 'full', 7), (3, 3, 1, 'full', 7), (3, 1, 1, 'valid', 7), (5, 3, 2, 'full', 9)]):
        shp('pool_%d' % i, 'Pooling', dict(kernel=(k, k), stride=(st, st), pad=(p, p), pooling_convention=cv), {'data': (1, 1, d, d)})
    shp('pool_nostride', 'Pooling', dict(kernel=(2, 2)), {'data': (1, 1, 5, 5)})
    shp('conv', 'Convolution', dict(kernel=(3, 3), num_filter=8, stride=(2, 2), pad=(1, 1), num_group=2), {'data': (2, 4, 7, 8)}, order=['data'])
    shp('conv_1d', 'Convolution', dict(kernel=(3,), num_filter=8), {'data': (2, 4, 7)}, order=['data'])
    shp('deconv', 'Deconvolution', dict(kernel=(4, 4), num_filter=8, stride=(2, 2), pad=(1, 1)), {'data': (2, 4, 7, 8)}, order=['data'])
    shp('deconv_target', 'Deconvolution', dict(kernel=(4, 4), num_filter=8, stride=(2, 2), target_shape=(15, 16)), {'data': (2, 4, 7, 8)}, order=['data'])
    shp('fc_noflat', 'FullyConnected', dict(num_hidden=3, flatten=False), {'data': (2, 4, 7, 8)}, order=['data'])
    shp('bn', 'BatchNorm', {}, {'data': (2, 4, 7, 8)}, order=['data'])
    shp('bn_axis', 'BatchNorm', dict(axis=3), {'data': (2, 4, 7, 8)}, order=['data'])
    shp('embedding', 'Embedding', dict(input_dim=10, output_dim=3), {'data': (2, 4)}, order=['data'])
    shp('prelu', 'LeakyReLU', dict(act_type='prelu'), {'data': (2, 4, 7)}, order=['data'])
    shp('instancenorm', 'InstanceNorm', {}, {'data': (2, 4, 7)}, order=['data'])
    shp('dot_nd', 'dot', {}, {'lhs': (2, 3, 4), 'rhs': (4, 5)})
    shp('sum_all', 'sum', {}, {'data': (2, 3)})
    shp('sum_all_keep', 'sum', dict(keepdims=True), {'data': (2, 3)})
    shp('upsampling_bilinear', 'UpSampling', dict(scale=3, sample_type='bilinear', num_filter=2, num_args=2), {'data': (1, 2, 4, 4)}, order=['data'])
    shp('roi', 'ROIPooling', dict(pooled_size=(6, 7), spatial_scale=0.0625), {'data': (1, 512, 20, 30), 'rois': (128, 5)})
    # errors
    err_case(S, 'err_add_shape', 'elemwise_add', {}, {'lhs': (2, 3), 'rhs': (1, 3)})
    err_case(S, 'err_concat', 'Concat', dict(dim=1), {'a': (2, 3), 'b': (3, 3)})
    err_case(S, 'err_slicechannel', 'SliceChannel', dict(num_outputs=2), {'data': (2, 3)})
    err_case(S, 'err_conv_kernel', 'Convolution', dict(kernel=(5, 5), num_filter=2), {'data': (1, 1, 3, 3)}, order=['data'])
    err_case(S, 'err_conv_ndim', 'Convolution', dict(kernel=(3, 3), num_filter=2), {'data': (1, 3, 3)}, order=['data'])
    err_case(S, 'err_pool_kernel', 'Pooling', dict(kernel=(5, 5)), {'data': (1, 1, 3, 3)})
    err_case(S, 'err_conv_group', 'Convolution', dict(kernel=(3, 3), num_filter=3, num_group=2), {'data': (1, 4, 5, 5)}, order=['data'])
    err_case(S, 'err_dot', 'dot', {}, {'lhs': (2, 3), 'rhs': (4, 5)})
    err_case(S, 'err_fc_weight', 'FullyConnected', dict(num_hidden=2), {'data': (2, 3), 'weight': (2, 4)}, order=['data', 'weight'])
    err_case(S, 'err_fc_required', 'FullyConnected', {}, {'data': (2, 3)}, order=['data'])
    err_case(S, 'err_roi', 'ROIPooling', dict(pooled_size=(2, 2), spatial_scale=1.0), {'data': (1, 1, 3, 3), 'rois': (3, 4)})
    S.save()


# ----------------------------------------------------------------------------- trainings
def bnnet():
    d = sym.Variable('data')
    f1 = sym.FullyConnected(d, num_hidden=4, name='fc1')
    b = sym.BatchNorm(f1, name='bn1', fix_gamma=False, momentum=0.8)
    f2 = sym.FullyConnected(sym.Activation(b, act_type='relu', name='relu1'), num_hidden=3, name='fc2')
    return sym.SoftmaxOutput(f2, name='softmax')


def regnet():
    d = sym.Variable('data')
    f1 = sym.FullyConnected(d, num_hidden=4, name='fc1')
    f2 = sym.FullyConnected(sym.Activation(f1, act_type='sigmoid', name='s1'), num_hidden=2, name='fc2')
    return sym.LinearRegressionOutput(f2, name='lro')


def convnet():
    d = sym.Variable('data')
    c = sym.Convolution(d, kernel=(3, 3), num_filter=3, pad=(1, 1), name='c1')
    c = sym.BatchNorm(c, name='bn1')
    c = sym.Pooling(sym.Activation(c, act_type='relu', name='r1'), kernel=(2, 2), stride=(2, 2), pool_type='max', name='p1')
    return sym.SoftmaxOutput(sym.FullyConnected(c, num_hidden=3, name='fc'), name='softmax')


def sec_training():
    S = Section('training')
    mx.random.seed(7)

    def train(nm, f, dshape, lshape, n, bs, optimizer, oparams, epochs, label_name='softmax_label', nclass=3, ctxs=None, kv='local', aux0=True, work_load_list=None):
        with mx.name.NameManager():
            s = f()
        X = S.randn(n, *dshape)
        Y = S.rng.randint(0, nclass, (n,)).astype('float32') if nclass else S.randn(n, *lshape)
        it = mx.io.NDArrayIter({'data': X}, {label_name: Y}, batch_size=bs)
        mod = mx.mod.Module(s, data_names=['data'], label_names=[label_name], context=ctxs or mx.cpu(), work_load_list=work_load_list)
        mod.bind(it.provide_data, it.provide_label)
        a, o, x = s.infer_shape(data=(bs,) + tuple(dshape))
        args = {k: nd.array(np.round(S.randn(*v) * 0.5, 3)) for k, v in zip(s.list_arguments(), a) if k not in ('data', label_name)}
        auxs = {}
        for k, v in zip(s.list_auxiliary_states(), x):
            auxs[k] = nd.ones(v) if k.endswith('var') else (nd.array(S.randn(*v)) if k.endswith('center_bias') else nd.zeros(v))
        mod.init_params(arg_params=args, aux_params=auxs)
        mod.init_optimizer(kvstore=kv, optimizer=optimizer, optimizer_params=oparams)
        c = {'name': nm, 'kind': 'training', 'json': json.loads(s.tojson()), 'optimizer': optimizer, 'optimizerParams': oparams,
             'batchSize': bs, 'rescaleGrad': num64(mod._optimizer.rescale_grad), 'data': enc(X), 'label': enc(Y), 'labelName': label_name, 'epochs': epochs,
             'syncAtEpochEnd': False, 'numDevices': len(ctxs) if ctxs else 1, 'workLoadList': work_load_list, 'initArgs': encd(args), 'initAux': encd(auxs), 'steps': []}
        metric = mx.metric.create('acc' if nclass else 'mse')
        if nclass:
            metric.output_names, metric.label_names = [s.list_outputs()[0]], [label_name]
        c['metric'] = 'acc' if nclass else 'mse'
        c['epochMetric'] = []
        for _ in range(epochs):
            it.reset()
            metric.reset()
            for b in it:
                mod.forward_backward(b)
                mod.update()
                mod.update_metric(metric, b.label)
                outs = [enc(v) for v in mod.get_outputs()]
                ap, xp = mod.get_params()
                c['steps'].append({'outputs': outs, 'args': {k: enc(v)['data'] for k, v in sorted(ap.items())},
                                   'aux': {k: enc(v)['data'] for k, v in sorted(xp.items())}})
            c['epochMetric'].append(num64(metric.get()[1]))
        it.reset()
        c['predict'] = [enc(v) for v in mod.predict(it, always_output_list=True)]
        S.add(c)

    sgd = {'learning_rate': 0.1, 'momentum': 0.9, 'wd': 0.01}
    train('mlp_sgd', mlp, (4,), (), 12, 6, 'sgd', sgd, 3)
    train('mlp_adam_clip', mlp, (4,), (), 12, 6, 'adam', {'learning_rate': 0.05, 'wd': 0.01, 'clip_gradient': 0.5}, 3)
    train('mlp_pad', mlp, (4,), (), 8, 6, 'sgd', sgd, 2)
    train('multiloss_sgd_10steps', multiloss, (4,), (), 12, 6, 'sgd', sgd, 5)
    train('multiloss_rmsprop_10steps', multiloss, (4,), (), 12, 6, 'rmsprop', {'learning_rate': 0.01}, 5)
    train('regnet_nag', regnet, (3,), (2,), 8, 4, 'nag', {'learning_rate': 0.1, 'momentum': 0.9, 'wd': 0.001}, 3, label_name='lro_label', nclass=0)
    train('bnnet_sgd', bnnet, (4,), (), 12, 6, 'sgd', sgd, 3)
    train('convnet_sgd', convnet, (1, 4, 4), (), 8, 4, 'sgd', sgd, 3)
    train('bnnet_2dev', bnnet, (4,), (), 12, 6, 'sgd', sgd, 3, ctxs=[mx.cpu(0), mx.cpu(1)])
    train('bnnet_2dev_workload', bnnet, (4,), (), 12, 6, 'sgd', sgd, 2, ctxs=[mx.cpu(0), mx.cpu(1)], work_load_list=[1, 2])
    train('mlp_2dev_adam', mlp, (4,), (), 12, 6, 'adam', {'learning_rate': 0.05}, 2, ctxs=[mx.cpu(0), mx.cpu(1)])
    S.save()


# ----------------------------------------------------------------------------- data iterators, files, loops
def sec_io():
    import base64
    import tempfile
    S = Section('io')
    for n, bs in [(10, 4), (8, 4), (3, 5), (2, 5)]:
        for mode in ['pad', 'discard', 'roll_over']:
            it = mx.io.NDArrayIter(np.arange(n * 2).reshape(n, 2).astype('float32'), np.arange(n).astype('float32') * 10, batch_size=bs, last_batch_handle=mode)
            epochs = []
            try:
                for e in range(3):
                    if e:
                        it.reset()
                    bl = []
                    for b in it:
                        bl.append({'data': enc(b.data[0]), 'label': enc(b.label[0]), 'pad': int(b.pad)})
                    epochs.append(bl)
                S.add({'name': 'ndarrayiter_%d_%d_%s' % (n, bs, mode), 'kind': 'iter', 'n': n, 'batchSize': bs, 'lastBatchHandle': mode,
                       'provideData': [[d.name, list(d.shape)] for d in it.provide_data], 'provideLabel': [[d.name, list(d.shape)] for d in it.provide_label], 'epochs': epochs})
            except Exception as e:
                S.add({'name': 'ndarrayiter_%d_%d_%s' % (n, bs, mode), 'kind': 'iter_error', 'n': n, 'batchSize': bs, 'lastBatchHandle': mode, 'epochsOk': len(epochs), 'error': type(e).__name__})
    it = mx.io.NDArrayIter({'zz': np.zeros((4, 2)), 'aa': np.zeros((4, 3))}, {'l2': np.zeros(4), 'l1': np.zeros(4)}, batch_size=2)
    S.add({'name': 'iter_dict_order', 'kind': 'iter_names', 'provideData': [[d.name, list(d.shape)] for d in it.provide_data], 'provideLabel': [[d.name, list(d.shape)] for d in it.provide_label]})
    it = mx.io.NDArrayIter([np.zeros((4, 2)), np.zeros((4, 3))], [np.zeros(4), np.zeros(4)], batch_size=2)
    S.add({'name': 'iter_list_names', 'kind': 'iter_names', 'provideData': [[d.name, list(d.shape)] for d in it.provide_data], 'provideLabel': [[d.name, list(d.shape)] for d in it.provide_label]})
    from mxnet.executor_manager import _split_input_slice
    for bs, wl in [(6, [1, 1]), (7, [1, 1]), (5, [1, 1]), (10, [1, 2]), (10, [1, 1, 1]), (11, [1, 1, 1, 1]), (2, [1, 1, 1]), (9, [2, 1, 1])]:
        c = {'name': 'split_%d_%s' % (bs, '_'.join(map(str, wl))), 'kind': 'split', 'batchSize': bs, 'workLoad': wl}
        try:
            c['slices'] = [[x.start, x.stop] for x in _split_input_slice(bs, wl)]
        except ValueError as e:
            c['error'] = 'ValueError'
        S.add(c)
    d = tempfile.mkdtemp()
    def blob(fn):
        return base64.b64encode(open(fn, 'rb').read()).decode()
    f = os.path.join(d, 'a.params')
    arrs = {'arg:fc_weight': nd.array([[1.5, -2], [3, 4]]), 'aux:bn_moving_var': nd.array([0.25, 7])}
    nd.save(f, arrs)
    S.add({'name': 'params_dict', 'kind': 'params_file', 'base64': blob(f), 'arrays': [dict(name=k, dtype='float32', **enc(v)) for k, v in arrs.items()]})
    nd.save(f, [nd.array([1, 2, 3]), nd.array([[4]], dtype='float64')])
    S.add({'name': 'params_list', 'kind': 'params_file', 'base64': blob(f), 'arrays': [dict(name=None, dtype='float32', shape=[3], data=[1, 2, 3]), dict(name=None, dtype='float64', shape=[1, 1], data=[4])]})
    dt = {}
    for t in ['float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64']:
        dt[t] = nd.array([1, 2, 100], dtype=t)
    nd.save(f, dt)
    S.add({'name': 'params_dtypes', 'kind': 'params_file', 'base64': blob(f), 'arrays': [dict(name=k, dtype=k, shape=[3], data=[1, 2, 100]) for k in dt]})
    nd.save(f, {})
    S.add({'name': 'params_empty', 'kind': 'params_file', 'base64': blob(f), 'arrays': []})
    with mx.name.NameManager():
        s = mlp()
    mx.model.save_checkpoint(os.path.join(d, 'ck'), 7, s, {'fc1_weight': nd.ones((1, 2))}, {})
    S.add({'name': 'checkpoint', 'kind': 'checkpoint', 'files': sorted(x for x in os.listdir(d) if x.startswith('ck')), 'paramsBase64': blob(os.path.join(d, 'ck-0007.params')),
           'symbolJson': open(os.path.join(d, 'ck-symbol.json')).read()})
    # order of events in Module.fit
    ev = []
    class Log(logging.Handler):
        def emit(self, r):
            ev.append(['log', r.getMessage().split('cost=')[0]])
    lg = logging.getLogger('fitlog')
    lg.setLevel(logging.INFO)
    lg.propagate = False
    lg.addHandler(Log())
    rg = logging.getLogger()
    old, hs = rg.level, list(rg.handlers)
    rg.setLevel(logging.INFO)
    rg.handlers = [Log()]
    class It(mx.io.NDArrayIter):
        def next(self):
            try:
                b = super(It, self).next()
            except StopIteration:
                ev.append(['next', self.tag, 'stop'])
                raise
            ev.append(['next', self.tag, int(b.pad)])
            return b
        def reset(self):
            if hasattr(self, 'tag'):
                ev.append(['reset', self.tag])
            super(It, self).reset()
    class Met(mx.metric.Accuracy):
        def update(self, l, p):
            ev.append(['metric.update'])
            super(Met, self).update(l, p)
        def reset(self):
            ev.append(['metric.reset'])
            super(Met, self).reset()
    X, Y = S.randn(6, 4), S.rng.randint(0, 3, 6).astype('float32')
    tr, va = It(X, Y, batch_size=4), It(X[:4], Y[:4], batch_size=4)
    tr.tag, va.tag = 'train', 'eval'
    mod = mx.mod.Module(s, logger=lg)
    upd, fb, sp = mod.update, mod.forward_backward, mod.set_params
    mod.update = lambda: (ev.append(['update']), upd())
    mod.forward_backward = lambda b: (ev.append(['forward_backward']), fb(b))
    met = Met()
    ev.clear()
    mod.fit(tr, eval_data=va, eval_metric=met, num_epoch=2, optimizer_params={'learning_rate': 0.1},
            batch_end_callback=lambda p: ev.append(['batch_end', p.epoch, p.nbatch]), epoch_end_callback=lambda e, s_, a, x: ev.append(['epoch_end', e]),
            eval_end_callback=lambda p: ev.append(['eval_end', p.epoch, p.nbatch]), eval_batch_end_callback=lambda p: ev.append(['eval_batch_end', p.epoch, p.nbatch]))
    import re as _re
    S.add({'name': 'module_fit_events', 'kind': 'events', 'events': [[_re.sub(r'=[-0-9.]+(nan)?', '=#', e) if isinstance(e, str) else e for e in x] for x in ev]})
    ev2 = list(ev)
    ev.clear()
    import warnings
    warnings.simplefilter('ignore')
    tr2, va2 = It(X, Y, batch_size=4), It(X[:4], Y[:4], batch_size=4)
    tr2.tag, va2.tag = 'train', 'eval'
    ff = mx.model.FeedForward(s, num_epoch=2, learning_rate=0.1)
    ff.fit(tr2, eval_data=va2, eval_metric=Met(), logger=lg, batch_end_callback=lambda p: ev.append(['batch_end', p.epoch, p.nbatch]), epoch_end_callback=lambda e, s_, a, x: ev.append(['epoch_end', e]),
           eval_end_callback=lambda p: ev.append(['eval_end', p.epoch, p.nbatch]), eval_batch_end_callback=lambda p: ev.append(['eval_batch_end', p.epoch, p.nbatch]))
    S.add({'name': 'feedforward_fit_events', 'kind': 'events', 'events': [[_re.sub(r'=[-0-9.]+(nan)?', '=#', e) if isinstance(e, str) else e for e in x] for x in ev]})
    # callbacks
    ev.clear()
    from collections import namedtuple
    BE = namedtuple('BatchEndParams', ['epoch', 'nbatch', 'eval_metric', 'locals'])
    m = mx.metric.Accuracy()
    for auto in [True, False]:
        sp = mx.callback.Speedometer(4, frequent=2, auto_reset=auto)
        m.reset()
        out = []
        for e in range(2):
            for b in range(5):
                m.update([nd.array([0, 1])], [nd.array([[.9, .1], [.9, .1]] if b % 2 else [[.9, .1], [.1, .9]])])
                ev.clear()
                sp(BE(e, b, m, None))
                out.append([_re.sub(r'Speed: [0-9.inf]+', 'Speed: #', x[1]) for x in ev] + [m.num_inst, m.global_num_inst])
        S.add({'name': 'speedometer_auto%d' % auto, 'kind': 'callback', 'batchSize': 4, 'frequent': 2, 'calls': out})
    pb = mx.callback.ProgressBar(total=5, length=10)
    out = []
    for b in range(6):
        ev.clear()
        pb(BE(0, b, None, None))
        out.append(ev[0][1])
    S.add({'name': 'progressbar', 'kind': 'callback', 'total': 5, 'length': 10, 'calls': out})
    lt = mx.callback.log_train_metric(2)
    out = []
    for b in range(4):
        ev.clear()
        lt(BE(1, b, m, None))
        out.append([_re.sub(r'=[-0-9.]+$', '=#', x[1]) for x in ev])
    S.add({'name': 'log_train_metric', 'kind': 'callback', 'period': 2, 'calls': out})
    rg.setLevel(old)
    rg.handlers = hs
    # Monitor
    with mx.name.NameManager():
        s = mlp()
    ex = s.simple_bind(mx.cpu(), data=(2, 4))
    for k in sorted(ex.arg_dict):
        ex.arg_dict[k][:] = np.arange(ex.arg_dict[k].size).reshape(ex.arg_dict[k].shape) % 3
    res = []
    for pat in ['.*', 'fc.*', '.*weight']:
        mon = mx.mon.Monitor(2, pattern=pat, sort=(pat == '.*'))
        mon.install(ex)
        for step in range(3):
            mon.tic()
            ex.forward(is_train=True)
            ex.backward()
            nd.waitall()
            res.append([pat, step, [[a, b, float(c.strip())] for a, b, c in mon.toc()]])
    S.add({'name': 'monitor', 'kind': 'monitor', 'interval': 2, 'results': res, 'note': 'args filled with (0,1,2,0,1,2,...) row-major'})
    S.save()


# ----------------------------------------------------------------------------- gluon losses
def sec_gluon():
    from mxnet import gluon, autograd
    S = Section('gluon')
    G = gluon.loss

    def C(nm, attrs, arrs, order, grads):
        l = getattr(G, nm)(**attrs)
        xs = {k: nd.array(v) for k, v in arrs.items()}
        for k in grads:
            xs[k].attach_grad()
        if grads:
            with autograd.record():
                out = l(*[xs[k] if k else None for k in order])
            out.backward()
        else:
            out = l(*[xs[k] if k else None for k in order])
        S.add({'name': '%s_%d' % (nm, len(S.cases)), 'kind': 'gluon_loss', 'op': nm, 'attrs': attrs, 'inputs': encd(arrs), 'inputOrder': list(arrs),
               'output': enc(out), 'grads': {k: enc(xs[k].grad) for k in grads}, 'headGrads': 'ones'})

    p, l = S.randn(3, 4), S.randn(3, 4)
    w3 = np.array([[1], [0], [2]], 'float32')
    for nm in ['L2Loss', 'L1Loss', 'HuberLoss', 'HingeLoss', 'SquaredHingeLoss']:
        ll = np.sign(l) if 'Hinge' in nm else l
        C(nm, {}, {'pred': p, 'label': ll}, ['pred', 'label'], ['pred', 'label'] if nm in ('L2Loss', 'L1Loss') else ['pred'])
        C(nm, dict(weight=0.3), {'pred': p, 'label': ll, 'sample_weight': w3}, ['pred', 'label', 'sample_weight'], ['pred'])
        C(nm, dict(batch_axis=1), {'pred': p, 'label': ll}, ['pred', 'label'], ['pred'])
    C('HuberLoss', dict(rho=0.5), {'pred': p, 'label': l}, ['pred', 'label'], ['pred'])
    C('HingeLoss', dict(margin=0.5), {'pred': p, 'label': np.sign(l)}, ['pred', 'label'], ['pred'])
    C('L2Loss', {}, {'pred': S.randn(2, 3, 2), 'label': S.randn(2, 6)}, ['pred', 'label'], ['pred'])
    b = (l > 0).astype('float32')
    pr = S.rand(0.05, 0.95, 3, 4)
    for at in [{}, dict(weight=2.0)]:
        C('SigmoidBCELoss', at, {'pred': p, 'label': b}, ['pred', 'label'], ['pred'])
        C('SigmoidBCELoss', dict(at, from_sigmoid=True), {'pred': pr, 'label': b}, ['pred', 'label'], ['pred'])
    C('SigmoidBCELoss', {}, {'pred': p, 'label': b, 'pos_weight': S.rand(.5, 2, 1, 4)}, ['pred', 'label', None, 'pos_weight'], ['pred'])
    C('SigmoidBCELoss', dict(from_sigmoid=True), {'pred': pr, 'label': b, 'pos_weight': S.rand(.5, 2, 1, 4)}, ['pred', 'label', None, 'pos_weight'], ['pred'])
    C('SoftmaxCELoss', {}, {'pred': p, 'label': np.array([0, 3, 1], 'float32')}, ['pred', 'label'], ['pred'])
    C('SoftmaxCELoss', dict(weight=0.5), {'pred': p, 'label': np.array([0, 3, 1], 'float32'), 'sample_weight': w3}, ['pred', 'label', 'sample_weight'], ['pred'])
    C('SoftmaxCELoss', dict(sparse_label=False), {'pred': p, 'label': pr}, ['pred', 'label'], ['pred'])
    C('SoftmaxCELoss', dict(from_logits=True), {'pred': np.log(pr).round(3), 'label': np.array([0, 3, 1], 'float32')}, ['pred', 'label'], ['pred'])
    C('SoftmaxCELoss', dict(axis=1), {'pred': S.randn(2, 3, 2), 'label': np.array([[0, 2], [1, 1]], 'float32')}, ['pred', 'label'], ['pred'])
    C('KLDivLoss', {}, {'pred': np.log(pr).round(3), 'label': S.rand(.05, .95, 3, 4)}, ['pred', 'label'], ['pred'])
    C('KLDivLoss', dict(from_logits=False), {'pred': p, 'label': S.rand(.05, .95, 3, 4)}, ['pred', 'label'], ['pred'])
    C('LogisticLoss', {}, {'pred': p, 'label': np.sign(l)}, ['pred', 'label'], ['pred'])
    C('LogisticLoss', dict(label_format='binary'), {'pred': p, 'label': b}, ['pred', 'label'], ['pred'])
    C('TripletLoss', {}, {'pred': p, 'positive': S.randn(3, 4), 'negative': S.randn(3, 4)}, ['pred', 'positive', 'negative'], ['pred', 'positive', 'negative'])
    C('TripletLoss', dict(margin=3, weight=0.5), {'pred': p, 'positive': S.randn(3, 4), 'negative': S.randn(3, 4)}, ['pred', 'positive', 'negative'], ['pred'])
    C('PoissonNLLLoss', {}, {'pred': p, 'target': np.abs(l)}, ['pred', 'target'], ['pred'])
    C('PoissonNLLLoss', dict(from_logits=False, compute_full=True), {'pred': np.abs(p), 'target': np.abs(l) * 3}, ['pred', 'target'], [])
    C('CosineEmbeddingLoss', dict(margin=0.1), {'input1': p, 'input2': S.randn(3, 4), 'label': np.array([1, -1, 1], 'float32')}, ['input1', 'input2', 'label'], ['input1', 'input2'])
    C('SDMLLoss', {}, {'x1': p, 'x2': S.randn(3, 4)}, ['x1', 'x2'], ['x1', 'x2'])
    C('SDMLLoss', dict(smoothing_parameter=0.1), {'x1': p, 'x2': S.randn(3, 4)}, ['x1', 'x2'], ['x1', 'x2'])
    C('CTCLoss', {}, {'pred': S.randn(2, 5, 4), 'label': np.array([[0, 1, -1], [2, 2, -1]], 'float32')}, ['pred', 'label'], ['pred'])
    C('CTCLoss', dict(layout='TNC', weight=0.5), {'pred': S.randn(5, 2, 4), 'label': np.array([[0, 1, -1], [2, 2, -1]], 'float32')}, ['pred', 'label'], ['pred'])
    S.save()



def main():
    global OUT
    argv = sys.argv[1:]
    if '--out' in argv:
        i = argv.index('--out')
        OUT = argv[i + 1]
        del argv[i:i + 2]
    os.makedirs(OUT, exist_ok=True)
    secs = [(k[4:], v) for k, v in globals().items() if k.startswith('sec_')]
    for k, f in secs:
        if not argv or k in argv:
            f()


if __name__ == '__main__':
    main()
