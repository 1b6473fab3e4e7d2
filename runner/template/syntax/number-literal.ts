import { float, integer, type Value } from '../../values/index.ts';

/** A Python integer literal: `1_000`, `0x1f`, `0o17`, `0b101`. */
export const readInteger = (literal: string): Value => integer(BigInt(literal.replaceAll('_', '')));

/** A Python float literal: `1.5`, `1e-7`. */
export const readFloat = (literal: string): Value => float(Number(literal.replaceAll('_', '')));
