/* The theme gives its search the role of a dialogue, without the name that one must have. */
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
