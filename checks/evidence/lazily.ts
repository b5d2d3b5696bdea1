/** Makes a value at the first call and returns it at every later one, so that findings can share it. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The same for a function of one object, for as long as the object lives. */
export function remembered<K extends object, T>(make: (key: K) => T): (key: K) => T {
  const values = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    let made = values.get(key);
    if (!made) {
      made = { value: make(key) };
      values.set(key, made);
    }
    return made.value;
  };
}
