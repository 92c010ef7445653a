// A security key that was refused or not found: allauth writes it to the console, a person needs it in words.
document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-security-key-error]");
  if (!place) return;
  event.preventDefault();
  document.querySelector("main h1")?.after(place);
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
});
