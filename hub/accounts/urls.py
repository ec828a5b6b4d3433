"""Pages of getting in, and of one's own account."""

from django.urls import path

from hub.accounts.views import codes, devices, links, privacy, profile, registration, sign_in

urlpatterns = [
    path("register/", registration.register_page, name="register"),
    path("register/sent/", registration.sent_page, name="register-sent"),
    path("login/", sign_in.login_page, name="login"),
    path("login/code/", codes.ask_page, name="login-code"),
    path("login/code/enter/", codes.enter_page, name="login-code-enter"),
    path("login/new-password/", sign_in.new_password_page, name="new-password"),
    path("login/verify/", sign_in.verify_page, name="verify"),
    path("login/verify/by-mail/", sign_in.verify_by_mail, name="verify-by-mail"),
    path("login/second-factor/", sign_in.enrol_page, name="enrol"),
    path("logout/", sign_in.logout_page, name="logout"),
    path("language/", sign_in.language_page, name="language"),
    path("password/forgot/", links.forgot_page, name="password-forgot"),
    path("password/forgot/sent/", links.forgot_sent_page, name="password-sent"),
    path("password/<str:token>/", links.password_page, name="password-link"),
    path("password/<str:token>/again/", links.password_again, name="password-link-again"),
    path("email/<str:token>/", links.email_page, name="email-link"),
    path("invitation/<str:token>/", links.invitation_page, name="invitation-link"),
    path("account/security/", profile.account_security, name="account-security"),
    path("profile/", profile.profile_page, name="profile"),
    path("profile/security/", profile.security_page, name="profile-security"),
    path("profile/password/", profile.password_change_page, name="profile-password"),
    path("profile/email/", profile.email_change_page, name="profile-email"),
    path("profile/mobile/", profile.mobile_change_page, name="profile-mobile"),
    path("profile/mobile/confirm/", profile.mobile_confirm_page, name="profile-mobile-confirm"),
    path("profile/second-factor/", devices.second_factor_page, name="profile-second-factor"),
    path("profile/recovery-codes/", devices.recovery_codes_page, name="profile-recovery-codes"),
    path("profile/privacy/", privacy.privacy_page, name="profile-privacy"),
    path("profile/privacy/export/", privacy.export_ask, name="privacy-export"),
    path("profile/privacy/export/<uuid:export_id>/", privacy.export_file, name="privacy-export-file"),
    path("profile/privacy/erase/", privacy.erase_page, name="privacy-erase"),
    path("profile/privacy/keep/", privacy.erase_cancel, name="privacy-keep"),
    path("profile/devices/", devices.devices_page, name="profile-devices"),
    path("profile/devices/end-others/", devices.devices_end, name="devices-end"),
    path("profile/devices/<int:device_id>/end/", devices.device_end, name="device-end"),
]
