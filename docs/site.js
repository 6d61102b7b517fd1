/* What the theme leaves out for those who use a keyboard or a screen reader: the name of the search,
   and a way to scroll a wide table without a mouse. */
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
addEventListener("load", () => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((each) => {
    each.tabIndex = 0;
  });
});
