/* Shows the partner of a sentence and of its words, and leads from a claim to its evidence. Without it the page reads
   as well; only these marks are missing. */
(() => {
  "use strict";
  const body = document.body;
  body.classList.add("scripted");
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const sentences = all(".s");
  const claims = all(".claim");
  const partners = number => sentences.filter(s => s.dataset.s === number);
  const visible = element => element.getClientRects().length > 0;

  // What is marked: the sentences, and of the first one the links of one word.
  let pinned = null;

  const clear = () => all(".on, .hot").forEach(e => e.classList.remove("on", "hot"));

  const mark = what => {
    clear();
    if (!what) return;
    for (const number of what.numbers) partners(number).forEach(s => s.classList.add("on"));
    claims
      .filter(c => c.dataset.evidence.split(" ").some(number => what.numbers.includes(number)))
      .forEach(c => c.classList.add("on"));
    if (what.links) {
      const linked = w => w.dataset.l.split(" ").some(link => what.links.includes(link));
      partners(what.numbers[0]).forEach(s => all(".w", s).filter(linked).forEach(w => w.classList.add("hot")));
    }
  };

  const at = node => {
    const sentence = node.closest(".s");
    const word = node.closest(".w");
    return sentence && { numbers: [sentence.dataset.s], links: word && word.dataset.l.split(" ") };
  };

  const pin = what => mark((pinned = what));

  const show = (numbers, focus) => {
    pin({ numbers, links: null });
    const first = partners(numbers[0]).find(visible);
    if (!first) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    first.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    if (focus) {
      settle(first);
      first.focus({ preventScroll: true });
    }
  };

  // Pointer: hover shows, a click or a tap keeps, another one lets go.
  document.addEventListener("mouseover", event => {
    const what = at(event.target);
    const claim = event.target.closest(".claim");
    const finding = event.target.closest(".findings li");
    if (what) mark(what);
    else if (finding) mark({ numbers: [finding.dataset.s], links: null });
    else if (claim) mark({ numbers: claim.dataset.evidence.split(" "), links: null });
    else mark(pinned);
  });

  document.addEventListener("click", event => {
    if (!getSelection().isCollapsed) return;
    const link = event.target.closest("a");
    const claim = event.target.closest(".claim");
    const finding = event.target.closest(".findings li");
    if (link && link.dataset.s) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      show([link.dataset.s], true);
    } else if (link) {
      return;
    } else if (claim) {
      show(claim.dataset.evidence.split(" "), false);
    } else if (finding) {
      show([finding.dataset.s], false);
    } else {
      const what = at(event.target);
      pin(what && JSON.stringify(what) === JSON.stringify(pinned) ? null : what);
    }
  });

  // Keyboard: one sentence is in the tab order; arrows go up and down the sentences, left and right along the words.
  const settle = sentence => {
    sentences.forEach(s => (s.tabIndex = s === sentence ? 0 : -1));
    word = -1;
  };
  let word = -1;
  const first = sentences.find(visible);
  if (first) settle(first);
  all("input.view").forEach(view =>
    view.addEventListener("change", () => {
      const next = sentences.find(visible);
      if (next) settle(next);
    })
  );

  document.addEventListener("focusin", event => {
    const sentence = event.target.closest(".s");
    if (sentence && event.target === sentence) mark({ numbers: [sentence.dataset.s], links: null });
  });
  document.addEventListener("focusout", event => {
    if (event.target.matches(".s")) mark(pinned);
  });

  document.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return pin(null);
    const sentence = document.activeElement;
    if (!sentence || !sentence.matches(".s")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rightward = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const column = sentence.closest(".en, .source").classList[0];
      const line = sentences.filter(s => s.closest(`.${column}`) && visible(s));
      const next = line[line.indexOf(sentence) + step];
      if (next) {
        settle(next);
        next.focus();
      }
    } else if (rightward) {
      const words = all(".w", sentence);
      const rtl = getComputedStyle(sentence).direction === "rtl";
      word = Math.min(words.length - 1, Math.max(0, word + (rtl ? -rightward : rightward)));
      if (words[word]) mark(at(words[word]));
    } else if (event.key === "Enter" || event.key === " ") {
      const words = all(".w", sentence);
      pin(words[word] ? at(words[word]) : at(sentence));
    } else {
      return;
    }
    event.preventDefault();
  });

  // Says how many findings the filter leaves.
  const findings = all(".findings li");
  all(".filter input").forEach(input =>
    input.addEventListener("change", () => {
      const left = findings.filter(visible).length;
      document.getElementById("shown").textContent = `${left} of ${findings.length} findings shown`;
    })
  );

  // A page opened at one of its sentences shows the partner too.
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches(".s")) pin({ numbers: [target.dataset.s], links: null });
})();
