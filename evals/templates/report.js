const filters = [...document.querySelectorAll(".filters select, .filters input")];
const cases = [...document.querySelectorAll(".case")];
const count = document.querySelector("#count");

function shown(one) {
  return filters.every(({ name, value }) => {
    if (!value) return true;
    if (name === "words") return one.textContent.toLowerCase().includes(value.toLowerCase());
    return ` ${one.dataset[name]} `.includes(` ${value} `);
  });
}

function filter() {
  let visible = 0, passing = 0;
  for (const one of cases) {
    one.hidden = !shown(one);
    visible += !one.hidden;
    passing += !one.hidden && one.dataset.state === "pass";
  }
  count.textContent = `${visible} cases shown, ${passing} of them pass`;
}

for (const one of filters) one.addEventListener("input", filter);
filter();

function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target) target.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", reveal);
reveal();
