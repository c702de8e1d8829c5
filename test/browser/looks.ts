/** What the page remembers of how its elements looked when axe looked at them. */
export interface LooksWindow {
  looks: {
    /**
     * The outermost elements in which nothing has to be looked at: they are known, or look as they did by the same
     * light in another window.
     */
    settled(light: string, known: ReadonlySet<Element>): Element[];
    /** Those about which axe could not decide. */
    forget(light: string, elements: readonly Element[]): void;
  };
}

interface Around {
  /** All that is behind an element, and in which colour its words are. */
  backdrop: string;
  /** Where an element is cut off. */
  clip: { left: number; right: number; top: number; bottom: number } | null;
}

/** In the page, once. */
export function rememberLooks(): void {
  /** They are judged by which others of their kind are shown: what is right with one may be wrong with another. */
  const judgedTogether = 'h1, h2, h3, h4, h5, h6, main, nav, aside, header, footer, section, form, [role]';
  const looksByLight: Record<string, Map<Element, string>> = {};
  (window as unknown as LooksWindow).looks = {
    settled(light, known) {
      const looks = (looksByLight[light] ??= new Map());
      const found: Element[] = [];
      const isSettled = (element: Element, around: Around): boolean => {
        const { look, inside } = lookOf(element, around);
        let isSame = looks.get(element) === look && !element.matches(judgedTogether);
        looks.set(element, look);
        const before = found.length;
        for (const child of inside ? element.children : []) isSame = isSettled(child, inside ?? around) && isSame;
        if (!isSame && !known.has(element)) return false;
        found.splice(before, Infinity, element);
        return true;
      };
      for (const element of document.body.children) isSettled(element, { backdrop: '', clip: null });
      return found;
    },
    forget(light, elements) {
      for (const element of elements) looksByLight[light]?.delete(element);
    },
  };

  /** All of how it looks that a rule may depend on; `inside` is null where nothing in it is shown. */
  function lookOf(element: Element, { backdrop, clip }: Around): { look: string; inside: Around | null } {
    if (!element.checkVisibility()) return { look: 'hidden', inside: null };
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const isOpen = style.overflowX === 'visible' && style.overflowY === 'visible';
    const behind = `${backdrop}/${style.color} ${style.backgroundColor} ${style.backgroundImage} ${style.opacity}`;
    const isCutOff =
      clip !== null &&
      (box.left < clip.left - 1 ||
        box.right > clip.right + 1 ||
        box.top < clip.top - 1 ||
        box.bottom > clip.bottom + 1);
    const look = [
      behind,
      // From these sizes on less contrast is enough.
      Number.parseFloat(style.fontSize) >= (Number(style.fontWeight) >= 700 ? 18.66 : 24),
      style.fontWeight,
      style.textDecorationLine,
      style.textShadow,
      style.display,
      style.visibility,
      style.clipPath,
      box.width <= 1 || box.height <= 1,
      box.right <= 0 || box.bottom + scrollY <= 0,
      isCutOff,
      !isOpen && (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight),
    ];
    const isLeaf = element instanceof SVGElement;
    return { look: look.join(), inside: isLeaf ? null : { backdrop: behind, clip: isOpen ? clip : box } };
  }
}
