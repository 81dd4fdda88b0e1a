from tests.browser import *
@with_and_without_javascript
def test_it(page, check_accessibility, javascript):
    r = page.goto("/admin/login/")
    print(r.status, r.headers)
    page.screenshot(path=f"/tmp/chr/{javascript}.png", full_page=True)
    print(page.evaluate("1+1"))
    check_accessibility(page)
