"""Numbers side by side in one register, for compiled kernels: operators and the functions below take them lane by lane.

The compiler finds such vectors by itself in plain loops over long arrays, but not in runs of eight pixels. Only inside
compiled functions; a scalar beside lanes counts in each of them.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, models, register_model

intrinsic: Any = extending.intrinsic
FLAGS = ("contract", "reassoc", "arcp", "nsz", "nnan", "ninf")


class Lanes(types.Type):
    """So many ``float32`` or ``int32`` side by side."""

    def __init__(self, scalar: Any, count: int) -> None:
        self.scalar, self.count = scalar, count
        super().__init__(name=f"Lanes({scalar} x {count})")


EIGHT, PLACES, FOUR = Lanes(types.float32, 8), Lanes(types.int32, 8), Lanes(types.float32, 4)


@register_model(Lanes)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, _vector(kind))


def _vector(kind: Lanes) -> ir.VectorType:
    return ir.VectorType(ir.FloatType() if kind.scalar == types.float32 else ir.IntType(32), kind.count)


def _spread(builder: Any, scalar: Any, kind: Lanes) -> Any:
    """A scalar in every lane."""
    one = ir.Constant(ir.IntType(32), 0)
    first = builder.insert_element(ir.Constant(_vector(kind), ir.Undefined), scalar, one)
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), None)
    return builder.shuffle_vector(first, first, zeros)


def _arithmetic(operation: Any, of_floats: str, of_whole: str) -> None:
    """Give lanes an operator."""

    @infer_global(operation)
    class _Template(AbstractTemplate):
        def generic(self, args: tuple, kws: Any) -> Any:
            kind = next((a for a in args if isinstance(a, Lanes)), None)
            if kind is None or len(args) != 2:
                return None
            return signature(kind, *(a if isinstance(a, Lanes) else kind.scalar for a in args))

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = sig.return_type
        a, b = (v if isinstance(of, Lanes) else _spread(builder, v, kind) for v, of in zip(args, sig.args, strict=True))
        if kind.scalar == types.float32:
            return getattr(builder, of_floats)(a, b, flags=FLAGS)
        return getattr(builder, of_whole)(a, b)

    for pair in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):
        lower_builtin(operation, *pair)(lower)


_arithmetic(operator.add, "fadd", "add")
_arithmetic(operator.sub, "fsub", "sub")
_arithmetic(operator.mul, "fmul", "mul")
_arithmetic(operator.truediv, "fdiv", "sdiv")


@intrinsic
def ramp(typing):  # type: ignore[no-untyped-def]
    """0 to 7."""
    return EIGHT(), lambda context, builder, sig, args: ir.Constant(_vector(EIGHT), [float(k) for k in range(8)])


def _chosen(relation: str) -> Any:
    @intrinsic
    def choose(typing, a, b):  # type: ignore[no-untyped-def]
        """Lane by lane the one of two that is further to one side; the second may be a scalar."""

        def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
            x, y = args[0], args[1] if isinstance(sig.args[1], Lanes) else _spread(builder, args[1], sig.args[0])
            return builder.select(builder.fcmp_ordered(relation, x, y, flags=FLAGS), x, y)

        return a(a, b if isinstance(b, Lanes) else a.scalar), build

    return choose


least, most = _chosen("<"), _chosen(">")


def _by_llvm(name: str) -> Any:
    @intrinsic
    def function(typing, x):  # type: ignore[no-untyped-def]
        """A function of each lane."""

        def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
            kind = _vector(x)
            known = get_or_insert_function(builder.module, ir.FunctionType(kind, [kind]), f"{name}.v{kind.count}f32")
            return builder.call(known, args, fastmath=FLAGS)

        return x(x), build

    return function


root, floored = _by_llvm("llvm.sqrt"), _by_llvm("llvm.floor")


@intrinsic
def whole(typing, x):  # type: ignore[no-untyped-def]
    """Each lane cut down to an integer."""
    return PLACES(x), lambda context, builder, sig, args: builder.fptosi(args[0], _vector(PLACES))


@intrinsic
def single(typing, x):  # type: ignore[no-untyped-def]
    """Integers as floats."""
    return EIGHT(x), lambda context, builder, sig, args: builder.sitofp(args[0], _vector(EIGHT))


@intrinsic
def positive(typing, x):  # type: ignore[no-untyped-def]
    """1 in lanes over 0, else 0."""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        kind = _vector(x)
        one, none = ir.Constant(kind, [1.0] * kind.count), ir.Constant(kind, [0.0] * kind.count)
        return builder.select(builder.fcmp_ordered(">", args[0], none, flags=FLAGS), one, none)

    return x(x), build


def _address(context: Any, builder: Any, kind: Any, array: Any, place: Any, of: Any) -> Any:
    """Pointer to lanes that begin at an index of an array."""
    data = context.make_array(kind)(context, builder, array).data
    at = builder.gep(data, [builder.trunc(place, ir.IntType(64)) if place.type.width > 64 else place])
    return builder.bitcast(at, ir.PointerType(of))


@intrinsic
def keep(typing, array, place, x):  # type: ignore[no-untyped-def]
    """Write lanes to an array (N,) from an index on."""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        builder.store(args[2], _address(context, builder, sig.args[0], args[0], args[1], args[2].type), align=4)
        return context.get_dummy_value()

    return types.none(array, types.int64, x), build


def _taken(kind: Lanes) -> Any:
    @intrinsic
    def take(typing, array, place):  # type: ignore[no-untyped-def]
        """Numbers of an array (N,) from an index on."""

        def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
            return builder.load(_address(context, builder, sig.args[0], args[0], args[1], _vector(kind)), align=4)

        return kind(array, types.int64), build

    return take


take, take_four = _taken(EIGHT), _taken(FOUR)


@intrinsic
def take_every_fourth(typing, array, place):  # type: ignore[no-untyped-def]
    """Of eight times four numbers of an array (N,) from an index on, four lanes: the first of each four, the second…"""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        wide = ir.VectorType(ir.FloatType(), 32)
        read = builder.load(_address(context, builder, sig.args[0], args[0], args[1], wide), align=4)
        picked = [ir.Constant(ir.VectorType(ir.IntType(32), 8), [4 * k + c for k in range(8)]) for c in range(4)]
        lanes = [builder.shuffle_vector(read, read, p) for p in picked]
        return context.make_tuple(builder, sig.return_type, lanes)

    return types.UniTuple(EIGHT, 4)(array, types.int64), build


@intrinsic
def between(typing, texels, place, pitch, across, down):  # type: ignore[no-untyped-def]
    """Four channels of integer texels (4 * N,) between texel ``place`` of rows of ``pitch`` and its neighbours to the
    right and below; across, down: shares of the way to them."""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        array, first, pitch, ax, ay = args
        width = sig.args[0].dtype.bitwidth
        narrow, wide = ir.VectorType(ir.IntType(width), 8), ir.VectorType(ir.IntType(32), 8)
        rows = []
        for at in (first, builder.add(first, pitch)):
            four = builder.shl(at, ir.Constant(at.type, 2))
            codes = builder.load(_address(context, builder, sig.args[0], array, four, narrow), align=width // 8)
            rows.append(builder.sitofp(builder.zext(codes, wide), _vector(EIGHT)))
        mixed = _mix(builder, rows[0], rows[1], _spread(builder, ay, EIGHT))
        left, right = (
            builder.shuffle_vector(mixed, mixed, ir.Constant(ir.VectorType(ir.IntType(32), 4), list(range(k, k + 4))))
            for k in (0, 4)
        )
        return _mix(builder, left, right, _spread(builder, ax, FOUR))

    return FOUR(texels, types.int64, types.int64, types.float32, types.float32), build


@intrinsic
def between_three(typing, texels, place, pitch, across, down):  # type: ignore[no-untyped-def]
    """As ``between``, of float texels of three channels (3 * N,); the fourth lane is of no use."""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        array, first, pitch, ax, ay = args
        rows = []
        for at in (first, builder.add(first, pitch)):
            three = builder.mul(at, ir.Constant(at.type, 3))
            ends = three, builder.add(three, ir.Constant(at.type, 2))
            rows.append(
                [builder.load(_address(context, builder, sig.args[0], array, p, _vector(FOUR)), align=4) for p in ends]
            )
        left, right = (_mix(builder, a, b, _spread(builder, ay, FOUR)) for a, b in zip(*rows, strict=True))
        right = builder.shuffle_vector(right, right, ir.Constant(ir.VectorType(ir.IntType(32), 4), [1, 2, 3, 3]))
        return _mix(builder, left, right, _spread(builder, ax, FOUR))

    return FOUR(texels, types.int64, types.int64, types.float32, types.float32), build


def _mix(builder: Any, a: Any, b: Any, share: Any) -> Any:
    return builder.fadd(a, builder.fmul(builder.fsub(b, a, flags=FLAGS), share, flags=FLAGS), flags=FLAGS)


@intrinsic
def keep_in_turn(typing, array, place, red, green, blue):  # type: ignore[no-untyped-def]
    """Write three times eight lanes to an array (N,) from an index on: the first lanes of all three, the second…"""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        array, at, red, green, blue = args
        index = ir.IntType(32)
        both = builder.shuffle_vector(red, green, ir.Constant(ir.VectorType(index, 16), list(range(16))))
        third = ir.Constant(ir.VectorType(index, 16), [k % 8 for k in range(16)])
        order = [(k, 8 + k, 16 + k) for k in range(8)]
        turns = ir.Constant(ir.VectorType(index, 24), [c for pixel in order for c in pixel])
        mixed = builder.shuffle_vector(both, builder.shuffle_vector(blue, blue, third), turns)
        builder.store(mixed, _address(context, builder, sig.args[0], array, at, mixed.type), align=4)
        return context.get_dummy_value()

    return types.none(array, types.int64, red, green, blue), build


@intrinsic
def fetch(typing, array, place):  # type: ignore[no-untyped-def]
    """Have the processor fetch what lies at an index of an array (N,), to be read soon."""

    def build(context, builder, sig, args):  # type: ignore[no-untyped-def]
        byte, whole = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
        known = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        at = _address(context, builder, sig.args[0], args[0], args[1], ir.IntType(8))
        builder.call(known, [at, *(ir.Constant(whole, k) for k in (0, 3, 1))])
        return context.get_dummy_value()

    return types.none(array, types.int64), build
