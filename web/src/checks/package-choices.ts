interface Named {
  id: string;
  name: string;
}

interface PackageList {
  vendor: string;
  packages: readonly Named[];
}

/** Grouped by vendor when there are several. An id is an option once: the select takes no option twice. */
export function packageChoices(lists: readonly PackageList[]) {
  const known = new Set<string>();
  const groups = lists.map(({ vendor, packages }) => {
    const fresh = packages.filter(({ id }) => !known.has(id) && known.add(id));
    return { group: vendor, items: fresh.map(({ id, name }) => ({ value: id, label: name })) };
  });
  const filled = groups.filter(({ items }) => items.length > 0);
  return { known, options: filled.length > 1 ? filled : filled.flatMap(({ items }) => items) };
}
