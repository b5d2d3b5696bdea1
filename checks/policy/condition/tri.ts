/** Three-valued truth: what depends on facts that are not known is neither true nor false. */
export type Tri = 'true' | 'false' | 'depends';

export function tri(value: boolean): Tri {
  return value ? 'true' : 'false';
}

export function not(value: Tri): Tri {
  return value === 'true' ? 'false' : value === 'false' ? 'true' : 'depends';
}

/** False wins, then depends. True where there is nothing to fail. */
export function all(values: readonly Tri[]): Tri {
  if (values.includes('false')) return 'false';
  return values.includes('depends') ? 'depends' : 'true';
}

/** True wins, then depends. False where there is nothing to hold. */
export function any(values: readonly Tri[]): Tri {
  if (values.includes('true')) return 'true';
  return values.includes('depends') ? 'depends' : 'false';
}
