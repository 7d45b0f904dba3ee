"""A Flask app with a form, a session and links to itself."""
from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = 'for a test'


@app.get('/')
def home():
    return f'<a href="{url_for("basket")}">basket</a>'


@app.route('/basket', methods=['GET', 'POST'])
def basket():
    if request.method == 'POST':
        session['thing'] = request.form['thing']
        return redirect(url_for('basket'))
    return f'{session.get("thing", "nothing")} for {request.remote_addr} at {request.host_url}'
